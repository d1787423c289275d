"""From file bytes to flagged customers: read → match → clean → flags."""
