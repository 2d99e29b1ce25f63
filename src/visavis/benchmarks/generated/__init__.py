"""Cases drawn from a seed, in English and French, each answer proven by a program."""
