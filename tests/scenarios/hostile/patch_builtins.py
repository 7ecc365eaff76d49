# attack: isinstance, type, abs, all, len, max and the exceptions are replaced
# score: 0
# %%
import builtins

builtins.isinstance = builtins.issubclass = builtins.callable = builtins.all = builtins.any = lambda *args: True
builtins.abs = builtins.max = builtins.min = builtins.sum = lambda *args, **kwargs: 0
builtins.AssertionError = builtins.ValueError = type("Quiet", (Exception,), {})
builtins.len = lambda thing: 5


def softmax(z):
    return 0.0


def log_softmax(z):
    return 0.0
