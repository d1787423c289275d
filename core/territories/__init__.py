"""The analyst's own borders: territories of a GeoJSON or TopoJSON file, drawn as a country is."""
