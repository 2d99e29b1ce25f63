"""What `make bench` measures; not part of the package."""
