"""Countries as data: what the app knows of each, and how a file's country is decided."""
