"""From the one source of an assignment to the notebooks that students get."""
