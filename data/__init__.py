"""The bundled sample, the generator that made it, and the geography tables."""
