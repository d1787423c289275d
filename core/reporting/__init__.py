"""What the report says of an analysis."""
