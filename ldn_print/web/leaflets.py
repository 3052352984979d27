"""Which leaflet and language an address of translators and reviewers means, and how staff call them."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from ldn_print.errors import ContentError, LanguageError
from ldn_print.languages import Language, get_language
from ldn_print.models import HANDOUT_EDITIONS, Edition, Leaflet
from ldn_print.press import Press

# The editions that have words of their own, as staff call them.
NAMES = {"standard": "Sheet", "guide": "Guide", "tool": "Tool"}


def read_leaflet(press: Press, name: str, edition: str) -> Leaflet:
    """Return the leaflet that an address names; without an edition the sheet, or the tool.

    Raises:
        ContentError: there is none.
    """
    if name in press.library.tool_ids():
        return Leaflet.of_tool(name)
    handout = press.library.require_handout(name)
    if edition not in ("", *HANDOUT_EDITIONS):
        raise ContentError(f"edition {edition!r}: has no words of its own\n  Choose standard or guide.")
    return Leaflet(handout, cast(Edition, edition or HANDOUT_EDITIONS[0]))


def read_language(press: Press, tag: str) -> Language:
    """Return the language that an address names, if it has a catalog or is English.

    Raises:
        LanguageError: it is not known, or has no catalog yet.
    """
    language = get_language(tag)
    if language not in press.catalogs.available():
        fact = f"there are no translations into {language.english} yet"
        raise LanguageError(f"{fact}\n  Start them with 'ldn-print update {language.tag}'.")
    return language


def workbench_address(leaflet: Leaflet, language: Language, message: str = "", **more: str) -> str:
    """Return where a leaflet is translated, at a message."""
    rows = {"edition": leaflet.edition, "message": message, **more}
    query = urlencode({key: value for key, value in rows.items() if value})
    return f"/translate/{language.tag}/{leaflet.name}?{query}{f'#{message}' if message else ''}"


def approval_address(leaflet: Leaflet, language: Language, **more: str) -> str:
    """Return where the words of a leaflet are signed."""
    rows = {"language": language.tag, "edition": leaflet.edition, **more}
    query = urlencode({key: value for key, value in rows.items() if value})
    return f"/approvals/{leaflet.name}?{query}"
