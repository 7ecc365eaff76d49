# attack: reaches files by links, descriptors of folders, /proc/self/root, handles, O_PATH, mapping
# score: 0
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
target = "@COURSE@/solutions/softmax/test_softmax.py"


def through_symlink():
    os.symlink(target, "link")
    return os.open("link", os.O_RDONLY)


def through_hardlink():
    os.link(target, "hard")
    return os.open("hard", os.O_RDONLY)


def through_path_descriptor():
    held = os.open("@COURSE@", os.O_PATH)
    return os.open("solutions/softmax/test_softmax.py", os.O_RDONLY, dir_fd=held)


def through_reopened_path():
    held = os.open(target, os.O_PATH)
    return os.open(f"/proc/self/fd/{held}", os.O_RDONLY)


def through_handle():
    handle = ctypes.create_string_buffer(b"\x80\0\0\0" + b"\0" * 200, 204)
    mount = ctypes.c_int()
    if libc.name_to_handle_at(-100, target.encode(), handle, ctypes.byref(mount), 0):
        raise OSError
    return libc.open_by_handle_at(mount, handle, 0)


for way in (
    through_symlink,
    through_hardlink,
    through_path_descriptor,
    through_reopened_path,
    through_handle,
    lambda: os.open("/proc/self/root" + target, os.O_RDONLY),
    lambda: os.open("/proc/self/cwd/../../../../../.." + target, os.O_RDONLY),
    lambda: os.open("/proc/thread-self/root" + target, os.O_RDONLY),
    lambda: os.open("/proc/1/root" + target, os.O_RDONLY),
):
    try:
        descriptor = way()
    except OSError:
        continue
    if descriptor >= 0 and os.read(descriptor, 9):
        raise SystemError(f"ESCAPED: {way.__name__}")
