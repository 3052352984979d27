"""Which version of a handout this is: derived from its words and its layout, not from what somebody thinks.

The first number counts changes of advice, the second changes of wording, the third changes of layout (handout
standards 5.2). Each change is an entry of the handout's own file, with the digests of the English words it
stands for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ldn_print.clinic import default_clinic
from ldn_print.errors import ContentError, Diagnostic, read_source
from ldn_print.files import write_file
from ldn_print.languages import SOURCE_TAG, get_language
from ldn_print.models import HANDOUT_EDITIONS, Change, ChangeKind, Handout, Leaflet, Publication
from ldn_print.page import Order
from ldn_print.project import Library
from ldn_print.sources import Sources
from ldn_print.wording import digest_of

_TEXT = re.compile(">[^<]*<")
_PLACES: dict[ChangeKind, int] = {"advice": 0, "wording": 1, "layout": 2}


@dataclass(frozen=True)
class Drift:
    """How a handout differs from its last version: in the words of some editions, or in layout alone."""

    publication: Publication
    words: tuple[str, ...]
    layout: bool

    @property
    def text(self) -> str:
        """The difference in words; empty where there is none."""
        if self.words:
            return f"words changed ({', '.join(self.words)})"
        return "layout changed" if self.layout else ""


def leaflets_of(publication: Publication) -> tuple[Leaflet, ...]:
    """Return the leaflets that have words of their own: sheet and guide of a handout, or a tool."""
    if isinstance(publication, Handout):
        return tuple(Leaflet(publication.id, edition) for edition in HANDOUT_EDITIONS)
    return (Leaflet.of_tool(publication.id),)


def read_words(sources: Sources, publication: Publication) -> dict[str, str]:
    """Return the digest of the English words of each edition.

    Raises:
        LdnPrintError: a template or the handout cannot be read.
    """
    english = get_language(SOURCE_TAG)
    return {leaflet.label: sources.wording(leaflet, english).digest for leaflet in leaflets_of(publication)}


def read_layout(sources: Sources, publication: Publication) -> str:
    """Return what stands for a handout's layout: the elements of its English pages, and their style sheets.

    Raises:
        LdnPrintError: a template or the handout cannot be read.
    """
    english = get_language(SOURCE_TAG)
    parts = []
    for leaflet in leaflets_of(publication):
        tools = tuple(map(sources.tool, leaflet.tools))
        order = Order(leaflet, publication, tools, default_clinic(), "letter")
        words = sources.completeness(leaflet, english).translation()
        page, css = sources.renderer.bare_words(order, words), sources.renderer.style_sheet(order, english)
        parts += [_TEXT.sub("><", page), css]
    return digest_of("\0".join(parts))


def find_drift(sources: Sources, publication: Publication) -> Drift:
    """Return how a handout differs from its last version; one without recorded digests does not.

    Raises:
        LdnPrintError: a template or the handout cannot be read.
    """
    last = publication.changes[-1]
    layout = bool(last.layout) and read_layout(sources, publication) != last.layout
    return Drift(publication, tuple(_changed_words(sources, publication)), layout)


def _changed_words(sources: Sources, publication: Publication) -> Iterator[str]:
    """Yield the editions whose words are no longer those of the last version."""
    last = publication.changes[-1].words
    for edition, digest in read_words(sources, publication).items() if last else ():
        if last.get(edition) != digest:
            yield edition


def check_versions(sources: Sources, publications: Sequence[Publication]) -> Iterator[Diagnostic]:
    """Yield a finding for each handout whose words are no longer those of its version."""
    for publication in publications:
        changed = list(_changed_words(sources, publication))
        if changed:
            place = str(version_file(sources.library, publication))
            fact = f"the words of {' and '.join(changed)} are no longer those of version {publication.version}"
            hint = "Say what changed: ldn-print version --wording WHAT, or --advice WHAT for another advice."
            yield Diagnostic("V-version", place, fact, hint)


def next_change(sources: Sources, drift: Drift, kind: ChangeKind, what: str, today: date) -> Change:
    """Return the entry for a handout as it is now.

    Raises:
        ContentError: the words changed, and it is called a change of layout.
        LdnPrintError: a template or the handout cannot be read.
    """
    publication = drift.publication
    if drift.words and kind == "layout":
        fact = f"{publication.id}: its words changed: that is no change of layout"
        raise ContentError(f"{fact}\n  Use --wording or --advice.")
    numbers = [int(part) for part in publication.version.split(".")]
    place = _PLACES[kind]
    bumped = [*numbers[:place], numbers[place] + 1, *[0] * (2 - place)]
    version = ".".join(map(str, bumped))
    words, layout = read_words(sources, publication), read_layout(sources, publication)
    return Change(version, today, kind, what, words, layout)


def version_file(library: Library, publication: Publication) -> Path:
    """Return the file that has a handout's or a tool's changes."""
    if isinstance(publication, Handout):
        return library.handouts / publication.id / "handout.toml"
    return library.tools / f"{publication.id}.toml"


def add_change(path: Path, change: Change) -> None:
    """Add an entry at the end of a handout's file.

    Raises:
        OutputError: it cannot be written.
    """
    text = read_source(path, ContentError).rstrip()
    write_file(path, f"{text}\n\n{change_text(change)}".encode())


def change_text(change: Change) -> str:
    """Return an entry as TOML."""
    lines = ["[[change]]", f'version = "{change.version}"', f"date = {change.day}", f'kind = "{change.kind}"']
    lines += [f"what = {json.dumps(change.what, ensure_ascii=False)}"]
    if change.words:
        words = ", ".join(f'{edition} = "{digest}"' for edition, digest in change.words.items())
        lines += [f"words = {{ {words} }}", f'layout = "{change.layout}"']
    return "\n".join([*lines, ""])
