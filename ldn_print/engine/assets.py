"""The only source the engine may read from: a table of pictures, and of cut fonts, in memory.

No network, no file: a page that names anything else is refused (design §2.7).
"""

from __future__ import annotations

from typing import Any

from ldn_print.engine.cut import cut_assets
from ldn_print.models import picture_type

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
            data = None if name == url else assets.get(name, cut_assets.get(name))
            if data is None:
                raise FatalURLFetchingError(f"the page asks for {url[:80]!r}, which is not one of its pictures")
            return URLFetcherResponse(url, data, {"Content-Type": _media_type(name, data)})

    return ClosedFetcher()


def _media_type(name: str, data: bytes) -> str:
    if name.endswith(".otf"):
        return "font/otf"
    return picture_type(data)
