"""Grade in worker processes on this machine, forked from one fork server."""
