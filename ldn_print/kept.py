"""What was read or judged once, kept by the hash of everything it came from: catalogs, and what the guard said.

Reading four catalogs and judging two thousand translations takes two seconds; looking up that nothing has
changed takes milliseconds. A changed byte in a catalog, a term base or the guard itself makes a new key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ldn_print.catalog import Catalog, Entry, read_catalog
from ldn_print.errors import Diagnostic, OutputError
from ldn_print.files import write_file
from ldn_print.languages import Language
from ldn_print.messages import MessageKey, SourceMessage
from ldn_print.models import Leaflet
from ldn_print.project import Library
from ldn_print.shelf import digest_of_file, digest_of_parts
from ldn_print.wording import Wording, wording_from_data, wording_to_data

_PACKAGE = Path(__file__).resolve().parent


def load_catalog(path: Path, language: Language, folder: Path | None) -> Catalog:
    """Return the catalog in a PO file, from the cache where its bytes were read before.

    Args:
        path: the PO file.
        language: its language.
        folder: the cache; None to do without.

    Raises:
        CatalogError: as `read_catalog`.
    """
    if folder is None or not path.is_file():
        return read_catalog(path, language)
    kept = folder / "catalogs" / f"{_digest([path], language.tag + _code())}.json"
    data = _load(kept)
    if isinstance(data, dict):
        entries, obsolete = _entries(data["entries"]), _entries(data["obsolete"])
        return Catalog(path, entries, data["status"], obsolete, data["translator"])
    catalog = read_catalog(path, language)
    _save(
        kept,
        {
            "status": catalog.status,
            "translator": catalog.translator,
            "entries": _rows(catalog.entries),
            "obsolete": _rows(catalog.obsolete),
        },
    )
    return catalog


def _rows(entries: Mapping[MessageKey, Entry]) -> list[list[Any]]:
    return [
        [key.context, key.text, row.strings, row.fuzzy, row.line, row.notes, row.previous, row.files]
        for key, row in entries.items()
    ]


def _entries(rows: Iterable[list[Any]]) -> dict[MessageKey, Entry]:
    return {
        MessageKey(context, text): Entry(tuple(strings), fuzzy, line, tuple(notes), previous, tuple(files))
        for context, text, strings, fuzzy, line, notes, previous, files in rows
    }


class Verdicts:
    """Which translations of one language the guard found nothing about, kept between runs.

    One with a finding is judged again each time: it is read by somebody who mends it. A changed translation is
    another one; the others of its catalog stay judged.

    Args:
        paths: the language's term base, and the ideas: what a verdict rests on beside the message.
        tag: the language.
        folder: the cache; None to do without.
    """

    def __init__(self, paths: tuple[Path, Path], tag: str, folder: Path | None) -> None:
        self._path = None if folder is None else folder / "verdicts" / f"{_digest(paths, tag + _code())}.json"
        self._sound = self._read()
        self._is_new = False

    def is_sound(self, message: SourceMessage, entry: Entry) -> bool:
        """Tell whether a translation was judged before, and nothing was found."""
        return _verdict_key(message, entry) in self._sound

    def put(self, message: SourceMessage, entry: Entry, findings: Iterable[Diagnostic]) -> None:
        """Keep that nothing was found about a translation."""
        if not tuple(findings):
            self._sound.add(_verdict_key(message, entry))
            self._is_new = True

    def save(self) -> None:
        """Write what is new, beside what other processes wrote meanwhile."""
        if self._is_new and self._path is not None:
            _save(self._path, sorted(self._sound | self._read()))
        self._is_new = False

    def _read(self) -> set[str]:
        data = _load(self._path) if self._path else None
        return set(data) if isinstance(data, list) else set()


def _verdict_key(message: SourceMessage, entry: Entry) -> str:
    """Return what stands for a message, how it is used, its translation and the translators' comments."""
    parts = (message.plural, message.examples, message.is_safety, entry.strings, entry.notes, entry.previous)
    return f"{message.key.id}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"


class Wordings:
    """The words of leaflets, kept between runs.

    Args:
        library: whose handouts, templates and catalogs they are made from.
        folder: the cache.
    """

    def __init__(self, library: Library, folder: Path) -> None:
        self._library = library
        self._folder = folder / "wordings"

    def get(self, leaflet: Leaflet, language: Language) -> Wording | None:
        """Return a leaflet's words; None where they have not been put together yet."""
        data = _load(self._path(leaflet, language))
        return wording_from_data(data) if isinstance(data, dict) else None

    def put(self, leaflet: Leaflet, language: Language, wording: Wording) -> None:
        """Keep a leaflet's words."""
        _save(self._path(leaflet, language), wording_to_data(wording))

    def _path(self, leaflet: Leaflet, language: Language) -> Path:
        own = sorted((self._library.handouts / leaflet.name).glob("handout.*"))
        catalog = self._library.catalog(language.locale)
        key = f"{leaflet.name} {leaflet.label} {language.tag} {self._shared}"
        return self._folder / f"{_digest([*own, catalog], key)}.json"

    @cached_property
    def _shared(self) -> str:
        files = sorted(path for path in self._library.templates.rglob("*") if path.suffix in (".html", ".toml"))
        return _digest(files, _code())


@cache
def _code() -> str:
    """Return what stands for the guard as it is: a change in its code makes every verdict new."""
    files = [*sorted((_PACKAGE / "checks").glob("*.py")), *sorted(_PACKAGE.glob("*.py"))]
    return _digest(files, "")


def _digest(paths: Iterable[Path], more: str) -> str:
    return digest_of_parts(more, *map(digest_of_file, paths))[:32]


def _load(path: Path) -> object:
    try:
        data: object = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return data


def _save(path: Path, data: object) -> None:
    try:
        write_file(path, json.dumps(data, ensure_ascii=False).encode())
    except OutputError:
        return  # a cache that cannot be written only costs time
