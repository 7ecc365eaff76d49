"""Grade neural-network notebooks: fast, in a sandbox, and with the reason beside every score."""

__all__ = ["__version__"]

__version__ = "0.1.0"
