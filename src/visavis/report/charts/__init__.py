"""Drawings of what was measured: where each dot stands is reckoned here, the templates draw it."""
