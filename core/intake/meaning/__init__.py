"""What a column means: the words of its header, and whether its values can be that."""
