"""K-means segments: features → fit → profile (numbers, names, sizes) → model."""
