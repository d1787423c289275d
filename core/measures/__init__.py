"""Measures an analyst defines: a small language of counts, shares, means and sums."""
