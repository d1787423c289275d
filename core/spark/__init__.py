"""The same pipeline on Spark: core's own functions on parts of the rows, what they count added up."""
