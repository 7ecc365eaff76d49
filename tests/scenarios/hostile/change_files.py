# attack: changes what is not content: modes, times, owners, names, attributes, links over a file
# score: 0
# %%
import os

path = "@CANARY_FILE@"
tries = {
    "chmod": lambda: os.chmod(path, 0o777),
    "chown": lambda: os.chown(path, os.getuid(), os.getgid()),
    "utime": lambda: os.utime(path, (0, 0)),
    "rename": lambda: os.rename(path, path + ".autograder_was_here"),
    "replace": lambda: os.replace(__file__ if "__file__" in globals() else "x", path),
    "unlink": lambda: os.unlink(path),
    "symlink": lambda: os.symlink("/etc/passwd", path + ".autograder_was_here"),
    "link": lambda: os.link(path, "stolen"),
    "mkfifo": lambda: os.mkfifo(path + ".autograder_was_here"),
    "mkdir": lambda: os.mkdir("@OUT@/autograder_was_here"),
    "rmdir": lambda: os.rmdir("@OUT@/reports"),
    "setxattr": lambda: os.setxattr(path, "user.x", b"1"),
    "removexattr": lambda: os.removexattr(path, "user.x"),
    "mknod": lambda: os.mknod("@OUT@/autograder_was_here", 0o666 | 0o60000, os.makedev(8, 0)),
}
done = []
for name, attempt in tries.items():
    try:
        attempt()
        done.append(name)
    except OSError:
        pass
if done:
    raise SystemError(f"ESCAPED: {done}")
