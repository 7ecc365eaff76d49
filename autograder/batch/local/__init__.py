"""Grade in processes of this machine, forked from one fork server."""
