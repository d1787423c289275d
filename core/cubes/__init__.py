"""Results without rows: customers counted by few-valued columns, and what else the pages say of them, in one file."""
