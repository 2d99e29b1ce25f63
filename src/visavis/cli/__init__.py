"""argv to options to one call of `visavis.api`; the only reader of the environment."""
