"""A file a month: which month each is of, its customers in the segments of one model, and who moved between two."""
