# attack: tracing, profiling, monitoring, audit, import, exception, exit and garbage hooks
# score: 18
# %% honest
# %%
import atexit
import builtins
import gc
import sys
import threading
import weakref


def steal(*args, **kwargs):
    for frame in list(sys._current_frames().values()):
        while frame is not None:
            for name in ("want", "expected", "reference", "secret"):
                if name in frame.f_locals:
                    raise SystemError(f"ESCAPED: {name}")
            frame = frame.f_back
    return None


class Finder:
    def find_spec(self, *args):
        return steal()


class Dying:
    def __del__(self):
        steal()


sys.meta_path.insert(0, Finder())
sys.path_hooks.insert(0, steal)
gc.callbacks.append(steal)
gc.set_threshold(5)
atexit.register(steal)
atexit.register(lambda: open("@OUT@/autograder_was_here", "w"))
threading.settrace(steal)
threading.setprofile(steal)
sys.addaudithook(steal)
sys.unraisablehook = sys.excepthook = threading.excepthook = lambda *args: None
true_import = builtins.__import__
builtins.__import__ = lambda *args, **kwargs: (steal(), true_import(*args, **kwargs))[1]
builtins.keep = [Dying() for _ in range(99)]
weakref.finalize(builtins.keep[0], steal)
sys.setprofile(steal)
sys.settrace(steal)
