"""The questions that readers of a comparison ask, answered from what the run shows."""
