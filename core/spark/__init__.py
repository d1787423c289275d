"""The pipeline on Spark: core's functions run on parts of the rows, and their counts are added up."""
