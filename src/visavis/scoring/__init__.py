"""Reply text to grade: readers of answers, checks, and the fence for code a model wrote."""
