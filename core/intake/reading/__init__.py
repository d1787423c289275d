"""From a file's bytes to text tables: decode → dialect → grid → layout; workbooks join at the grid."""
