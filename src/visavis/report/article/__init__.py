"""A comparison as an article that can be published as it is."""
