"""What the visible checks of notebooks share; `release` puts the text of what a notebook imports from here into it.

There are no types, for students read this text, and nothing of this package is imported, for they do not have it.
"""

import copy
import sys

import numpy as np

__all__ = ["CheckFailed", "brief", "check", "check_parts", "draw", "parts", "same", "shown"]


class CheckFailed(AssertionError):
    """A visible check that did not pass; Jupyter shows its message alone, without a traceback."""

    def _render_traceback_(self):
        return str(self).splitlines()


def brief(value):
    """Describe an argument in a few characters."""
    return f"array of shape {np.shape(value)}" if np.size(value) > 8 else repr(value)


def shown(value):
    """Print a result with its shape and dtype."""
    return f"{np.array2string(value, precision=3, suppress_small=True)}   shape {value.shape}, {value.dtype}"


def parts(got, want):
    """Name the parts of a result: the entries of a dict, the items of a tuple, or the one value."""
    if isinstance(got, tuple):
        return dict(zip(want, got, strict=False))
    return got if isinstance(got, dict) else {"": got}


def same(one, other):
    """Return whether two arguments, dicts of arrays included, hold the same numbers."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    return np.array_equal(one, other)


def check(function, *arguments, want, en, es, atol=6e-4):
    """Call the function and compare the result with `want`; say in both languages what is not right yet."""
    call = f"{function.__name__}({', '.join(map(brief, arguments))})"
    before = [np.array(argument) for argument in arguments]
    try:
        got = np.asarray(function(*arguments))
    except NotImplementedError:
        name = function.__name__
        raise CheckFailed(f"{name} is not written yet.\n{name} aún no está escrita.") from None
    want = np.asarray(want, dtype=float)
    right = got.dtype.kind == "f" and got.shape == want.shape and np.allclose(got, want, rtol=0, atol=atol)
    if not right:
        raise CheckFailed(
            f"{call} is not right yet / aún no es correcto\n"
            f"got / obtenido:\n{shown(got)}\nwanted / esperado:\n{shown(want)}\n{en}\n{es}"
        )
    if not all(map(np.array_equal, before, arguments)):
        raise CheckFailed(f"{call} changed its argument: work on a copy.\n{call} modificó su argumento: usa una copia.")


def check_parts(function, *arguments, want, en, es, atol=6e-4, name=""):
    """Call the function and compare each part of the result with `want`; say in both languages what is not right."""
    name = name or function.__name__
    before = copy.deepcopy(arguments)
    try:
        got = function(*arguments)
    except NotImplementedError:
        raise CheckFailed(f"{name} is not written yet.\n{name} aún no está escrita.") from None
    want = want if isinstance(want, dict) else {"": want}
    for part, right in want.items():
        value, figures = np.asarray(parts(got, want).get(part)), np.asarray(right, dtype=float)
        fits = value.dtype.kind == "f" and value.shape == figures.shape
        if not fits or not np.allclose(value, figures, rtol=0, atol=atol):
            raise CheckFailed(
                f"{name}: {part or 'the result / el resultado'} is not right yet / aún no es correcto\n"
                f"got / obtenido:\n{shown(value)}\nwanted / esperado:\n{shown(figures)}\n{en}\n{es}"
            )
    if not same(dict(enumerate(before)), dict(enumerate(arguments))):
        raise CheckFailed(f"{name} changed its arguments: work on copies.\n{name} modificó sus argumentos: usa copias.")


def draw(x, curves, xlabel):
    """Plot curves over x in Jupyter, if matplotlib is installed; nothing in this notebook depends on it."""
    if "ipykernel" not in sys.modules:
        return
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        print("No picture without matplotlib; go on. / Sin matplotlib no hay dibujo; sigue adelante.")
        return
    _, axes = plt.subplots(figsize=(6, 3))
    for label, values in curves.items():
        axes.plot(x, values, label=label)
    axes.set_xlabel(xlabel)
    axes.legend()
    axes.grid(alpha=0.3)
    plt.show()
