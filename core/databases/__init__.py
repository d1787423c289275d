"""Databases: an address, one table or SELECT, its rows as Arrow in chunks → a Parquet file; and tables written back.

What a database gives is read as every other Parquet file is, so that the same rows give the same results from anywhere.
Nothing here knows a password longer than it must: `address.Address` hides it, and `engine.reason` words every error.
"""
