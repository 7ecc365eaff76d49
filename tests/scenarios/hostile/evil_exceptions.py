# attack: exceptions whose text, type, traceback and attributes fight back
# score: 6
# %% honest
# %%
class Evil(Exception):
    __class__ = NotImplementedError

    def __str__(self):
        raise SystemExit

    __repr__ = __str__

    def __getattribute__(self, name):
        raise KeyboardInterrupt


class Name(type):
    @property
    def __name__(cls):
        raise SystemExit


class Nameless(Exception, metaclass=Name):
    pass


def softmax(z):
    raise Nameless(1) if len(z) % 2 else Evil()
