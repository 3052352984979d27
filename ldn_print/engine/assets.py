"""The only source the engine may read from: a table of pictures, and of cut fonts, in memory.

No network, no file: a page that names anything else is refused (design §2.7).
"""

from __future__ import annotations

from typing import Any

from ldn_print.engine.cut import cut_assets

SCHEME = "asset:"


def make_fetcher(assets: dict[str, bytes]) -> Any:
    """Return a URL fetcher of the engine that knows these pictures and nothing else.

    Whatever else is asked for stops the rendering with the engine's `FatalURLFetchingError`.
    """
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class ClosedFetcher(URLFetcher):  # type: ignore[misc]  # the engine has no types
        """Serves pictures from memory."""

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002  # the engine's signature
            name = url.removeprefix(SCHEME)
            if name == url or name not in assets | cut_assets:
                raise FatalURLFetchingError(f"the page asks for {url[:80]!r}, which is not one of its pictures")
            if name in cut_assets:
                return URLFetcherResponse(url, cut_assets[name], {"Content-Type": "font/otf"})
            data = assets[name]
            kind = "image/svg+xml" if data.lstrip()[:1] == b"<" else "image/png"
            return URLFetcherResponse(url, data, {"Content-Type": kind})

    return ClosedFetcher()
