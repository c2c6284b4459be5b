"""The JATS edition: the article as XML for archives and indexers."""
