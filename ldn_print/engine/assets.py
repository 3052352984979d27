"""The only source the engine may read from: a table of pictures in memory.

No network, no file: a page that names anything else is refused (design §2.7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SCHEME = "asset:"


def make_fetcher(assets: Mapping[str, bytes]) -> Any:
    """Return a URL fetcher of the engine that knows these pictures and nothing else.

    Whatever else is asked for stops the rendering with the engine's `FatalURLFetchingError`.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class ClosedFetcher(URLFetcher):  # type: ignore[misc]  # the engine has no types
        """Serves pictures from memory."""

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002  # the engine's signature
            name = url.removeprefix(SCHEME)
            if name == url or name not in assets:
                raise FatalURLFetchingError(f"the page asks for {url[:80]!r}, which is not one of its pictures")
            data = assets[name]
            kind = "image/svg+xml" if data.lstrip()[:1] == b"<" else "image/png"
            return URLFetcherResponse(url, data, {"Content-Type": kind})

    return ClosedFetcher()
