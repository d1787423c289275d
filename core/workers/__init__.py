"""Processes of their own for what reads files from outside."""
