"""The EPUB edition: its documents, navigation, package and cover picture."""
