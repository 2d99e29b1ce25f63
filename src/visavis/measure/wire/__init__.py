"""A client made for timing: it stamps what comes, when it comes, and reads it afterwards."""
