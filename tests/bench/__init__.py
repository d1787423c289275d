"""Measurements: `python -m tests.bench` prints the table in its README, `tests.bench.load` many visitors'."""
