"""Out of the LMS and back into it: archives of submissions, rosters, grade files, feedback, pushes."""
