"""Data of known structure, methods that say how many groups it has, and how often each is right."""
