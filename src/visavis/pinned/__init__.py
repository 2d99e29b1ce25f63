"""Files known by their SHA-256, fetched from wherever they are to be had."""
