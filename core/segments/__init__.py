"""Segments: features → clusterer → numbers by wealth → profile (names, sizes) → model."""
