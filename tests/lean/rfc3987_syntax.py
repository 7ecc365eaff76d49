"""Stands before the real one on the path of all programs that tests start: see tests/conftest.py."""

raise ImportError("left out of the tests: it takes seconds to import, and no notebook's schema asks for it")
