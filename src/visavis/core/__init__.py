"""The nouns: frozen values and one-method protocols. Standard library only."""
