"""Loads put on candidates, block by block."""
