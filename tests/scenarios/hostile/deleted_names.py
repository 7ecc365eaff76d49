# attack: deletes everything that the server could need: modules, builtins, its own namespace
# score: 0
# %%
import builtins
import sys

for name in list(sys.modules):
    if not name.startswith(("box", "builtins", "sys")):
        del sys.modules[name]
for name in list(vars(builtins)):
    if not name.startswith("__"):
        delattr(builtins, name)
# %%
def softmax(z):
    return True


log_softmax = softmax
