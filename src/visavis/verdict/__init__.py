"""Observations in, verdict out. Pure."""
