"""This engine beside nbgrader and otter-grader: the same class, the same criteria, one machine, one run."""
