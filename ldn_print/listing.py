"""What ``list`` tells, kept by the digest of every file of the library: looked up without reading a template.

A changed byte anywhere in the library, another day, our code or another engine makes it new.
"""

from __future__ import annotations

from typing import Any

from ldn_print.engine.identity import engine_identity
from ldn_print.jobs import Settings
from ldn_print.shelf import FOLDER, Shelf, digest_of_file, digest_of_parts


def load_listing(settings: Settings) -> dict[str, Any]:
    """Return leaflets × languages with their state, as `report.overview_to_dict` writes them.

    Args:
        settings: the library, the day and the cache; signatures of a clinic do not count.

    Raises:
        LdnPrintError: a handout, a template or a catalog cannot be read; that is never kept.
    """
    shelf, key = Shelf(settings.cache_folder / FOLDER / "listings"), _key(settings)
    found = shelf.get(key)
    if found is not None:
        return found[0]
    from ldn_print.overview import make_overview
    from ldn_print.press import Press
    from ldn_print.report import overview_to_dict

    body = overview_to_dict(make_overview(Press(settings)))
    shelf.put(key, body, b"")
    return body


def _key(settings: Settings) -> str:
    library = settings.library
    tops = (library.handouts, library.templates, library.locales)
    files = (path for top in tops for path in sorted(top.rglob("*")) if path.is_file())
    rows = (f"{path.relative_to(library.root)} {digest_of_file(path)}" for path in files)
    return digest_of_parts(engine_identity(), settings.today.isoformat(), *rows)
