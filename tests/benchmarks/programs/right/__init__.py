"""Programs that meet every requirement: for each task two, written in different ways."""
