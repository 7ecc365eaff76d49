"""Who else may run us: nbgrader, otter, Gradescope."""
