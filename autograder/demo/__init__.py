"""A made-up class, graded end to end: every kind of submission, and whether each got what was expected."""
