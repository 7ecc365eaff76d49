# attack: carries hidden inputs out in the name of an exception's class
# score: 0
# leak: nothing
# %%
def softmax(z):
    raise type("Input_" + "_".join(f"{abs(float(x)):.4f}".replace(".", "d") for x in z), (Exception,), {})


def log_softmax(z):
    name = type("ValueError: " + repr(z), (ValueError,), {"__module__": repr(z), "__qualname__": repr(z)})
    raise name(repr(z))
