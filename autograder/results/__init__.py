"""The folder for results: reports, the table of grades, their summary, and what changed between two runs."""
