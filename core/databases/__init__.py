"""Databases: an address, one table or SELECT, its rows as Arrow in chunks → packed texts; and tables written back.

What a database gives becomes text as in every file of typed columns, so that the same rows give the same results from
anywhere.
Nothing here knows a password longer than it must: `address.Address` hides it, and `engine.reason` words every error.
"""
