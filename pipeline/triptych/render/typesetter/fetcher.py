"""What the typesetter may open: data within the page, and the files of the design's typefaces.

In: the addresses of those files. Out: a fetcher for WeasyPrint that refuses every other address,
whatever in a page or in a drawing within it asks for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from weasyprint.urls import URLFetcher, URLFetcherResponse


class PageFetcher(URLFetcher):  # type: ignore[misc]
    """Fetches `data:` addresses, and the files whose addresses are given."""

    def __init__(self, files: Iterable[str]) -> None:
        super().__init__(allowed_protocols=("data", "file"))
        self._files = frozenset(files)

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """What lies at an address. Raises ValueError for one that is not to be opened."""
        if not url.startswith("data:") and url not in self._files:
            raise ValueError(f"the typesetter opens no such address: {url[:80]}")
        return super().fetch(url, headers)
