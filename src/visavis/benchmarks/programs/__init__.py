"""Programs to be written, and checked by what they do."""
