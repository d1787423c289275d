"""Worker processes that read uploaded files."""
