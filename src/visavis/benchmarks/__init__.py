"""One file a benchmark: load cases, ask, grade."""
