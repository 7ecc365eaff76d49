"""A Gradescope autograder of its own, without otter: the archive to upload, and what runs in the container."""
