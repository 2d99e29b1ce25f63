"""The report of a speed run: its figures, and every form in which they are shown."""
