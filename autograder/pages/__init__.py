"""Pages that people look at: the instructor's report of a class, and the student's feedback. Static, no network."""
