"""Mathematics: floats, groups, a generator. No word about models."""
