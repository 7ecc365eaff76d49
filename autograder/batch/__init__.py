"""Grades many submissions: finds them, keeps workers busy, writes reports, and continues where it stopped."""
