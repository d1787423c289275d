"""Rows of a source that has no bytes (a database, a query of DuckDB), as chunks of Arrow → a table of text.

No source of the app uses it yet; the one in `tests/toy_source.py` does.
"""

from core.intake.reading.arrow_table import text_table

__all__ = ["text_table"]
