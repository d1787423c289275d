"""Measurements: `python -m tests.bench` prints the table that README quotes, `tests.bench.load` many visitors'."""
