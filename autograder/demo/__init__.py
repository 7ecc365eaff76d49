"""Generate a class of made-up submissions, and compare their reports with what is expected."""
