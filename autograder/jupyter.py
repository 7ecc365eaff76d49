"""Jupytext and nbformat, loaded without a grammar that nobody asks for.

jsonschema, which nbformat needs, knows internationalised addresses where rfc3987_syntax is installed, as it is beside
JupyterLab and nbgrader. That builds a grammar on import, which takes seconds of processor time in every process that
reads or writes notebooks; and no notebook's schema has such addresses. What runs inside of Jupyter, nbgrader or otter
finds nbformat loaded, and takes it from where it is.
"""

from __future__ import annotations

import sys

__all__ = ["jupytext", "nbformat"]

_GRAMMAR = "rfc3987_syntax"
_modules: dict[str, object] = vars(sys)["modules"]

_withheld = _GRAMMAR not in _modules
if _withheld:
    _modules[_GRAMMAR] = None  # importing it fails now as if it were not installed, which jsonschema is ready for
try:
    import jupytext
    import nbformat
finally:
    if _withheld:
        del _modules[_GRAMMAR]
