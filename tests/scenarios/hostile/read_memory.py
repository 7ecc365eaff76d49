# attack: reads the grader's memory: /proc/PID/mem, process_vm_readv, ptrace
# score: 0
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


class Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


buffer = ctypes.create_string_buffer(64)
here = Vector(ctypes.addressof(buffer), 64)
for process in {os.getppid(), @TEST_PID@} - {0}:
    there = Vector(id(None), 64)
    if libc.process_vm_readv(process, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
        raise SystemError("ESCAPED: process_vm_readv")
    if libc.process_vm_writev(process, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
        raise SystemError("ESCAPED: process_vm_writev")
    for request in (16, 0x4206):  # PTRACE_ATTACH, PTRACE_SEIZE
        if libc.ptrace(request, process, None, None) == 0:
            raise SystemError("ESCAPED: ptrace")
    for name in ("mem", "maps", "fd", "root", "cwd", "stack", "auxv", "syscall"):
        for way in (os.listdir, lambda path: os.read(os.open(path, os.O_RDONLY), 9)):
            try:
                way(f"/proc/{process}/{name}")
            except OSError:
                continue
            raise SystemError("ESCAPED: /proc/" + name)
