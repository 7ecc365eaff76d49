"""The only code of ours that the sandbox can read: the wire, the shell, the lock-down, the zygote. No secret."""
