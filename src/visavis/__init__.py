"""Puts language models face to face."""

__version__ = "0.1.0"
