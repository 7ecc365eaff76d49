"""Canvas: its files, and pushing grades by its REST API."""
