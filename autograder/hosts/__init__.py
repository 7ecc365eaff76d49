"""Other graders that run this one: each gets its own sources from the one source, and our scores with their reasons."""
