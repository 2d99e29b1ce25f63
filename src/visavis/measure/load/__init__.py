"""A speed run: loads put on candidates, block by block, and what came of every request."""
