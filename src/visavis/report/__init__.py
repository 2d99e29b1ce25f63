"""One view, already worded; several renderers; English and French."""
