"""What a page shows: small tables of counts and sums, and the charts and the map drawn from them."""
