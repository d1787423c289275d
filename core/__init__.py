"""Customer segmentation without a user interface: file bytes in, small tables and charts out."""
