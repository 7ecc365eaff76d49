"""Moodle: its files, and pushing grades by its web services."""
