"""The report of a speed run."""
