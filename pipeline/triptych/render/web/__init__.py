"""The web edition: one HTML page, its metadata and its downloads."""
