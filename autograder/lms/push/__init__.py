"""Grades to a platform over the network: what would change, then the change, then what is there."""
