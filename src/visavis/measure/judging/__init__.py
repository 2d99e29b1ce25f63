"""Asks models to judge what candidates replied, and keeps what they said beside the trials."""
