"""Limits, each found where it truly is."""
