"""Choices of many sheets at once, and those that a clinic keeps under a name in ``sets.toml``.

A person may edit the file: what is wrong in one set is told, and keeps nobody from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT
from tomlkit.items import Table as TomlTable

from ldn_print.countries import Paper
from ldn_print.errors import Diagnostic, LdnPrintError, ProjectError
from ldn_print.files import Seen, read_seen, write_seen
from ldn_print.languages import get_language
from ldn_print.models import MOST_IN_PACKET, Edition, Format, Leaflet
from ldn_print.project import Library
from ldn_print.tables import Table, parse_toml

FILE = "sets.toml"
EDITIONS: tuple[Edition, ...] = ("standard", "guide", "large-print", "summary", "bilingual", "packet")
PAPERS = ("letter", "a4", "both")
FORMATS: tuple[Format, ...] = ("pdf", "html", "text")
MAX_NAME = 60  # signs
_MOST_SETS = 100
_HEAD = "Choices of many sheets at once, kept under a name. The clinic desk reads and writes this file."


@dataclass(frozen=True)
class Selection:
    """Many sheets at once: ids of handouts and of tools that print alone, tags of languages, and how to print."""

    sheets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    edition: Edition = "standard"
    paper: str = "letter"
    tools: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ("pdf",)

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The papers to print on."""
        return ("letter", "a4") if self.paper == "both" else (cast(Paper, self.paper),)

    def leaflets(self, library: Library) -> tuple[Leaflet, ...]:
        """Return what is printed: the handouts in their edition, then the tools that print alone."""
        alone = [name for name in self.sheets if name in library.tool_ids()]
        handouts = tuple(name for name in self.sheets if name not in alone)
        behind = tuple(sorted(self.tools))
        if self.edition == "packet":
            return (Leaflet.of_packet(handouts, behind),)
        leaflets = (Leaflet(name, self.edition, behind) for name in handouts)
        return (*leaflets, *map(Leaflet.of_tool, alone))


@dataclass(frozen=True)
class SavedSet:
    """A choice under a name; ``findings`` say why it cannot be used as it stands."""

    name: str
    selection: Selection
    findings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class Sets:
    """What stands in the file: its sets, what is wrong beside them, and the digest of what was read."""

    sets: tuple[SavedSet, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    digest: str = ""

    def find(self, name: str) -> SavedSet | None:
        """Return the set of a name, small or capital letters alike."""
        return next((row for row in self.sets if row.name.casefold() == name.casefold()), None)


def find_lacks(selection: Selection, library: Library) -> dict[str, str]:
    """Return what a choice lacks before anything can be printed: words by the name of the field."""
    handouts = [name for name in selection.sheets if name not in library.tool_ids()]
    lacks = {}
    if not selection.sheets:
        lacks["sheets"] = "Tick at least one sheet."
    elif selection.edition == "packet" and len(handouts) < len(selection.sheets):
        lacks["sheets"] = "A packet is made of conditions. Tick tools under “Behind each sheet” instead."
    elif selection.edition == "packet" and not 1 < len(handouts) <= MOST_IN_PACKET:
        lacks["sheets"] = f"A packet holds 2 to {MOST_IN_PACKET} conditions; {len(handouts)} are ticked."
    if not selection.languages:
        lacks["languages"] = "Tick at least one language."
    if not selection.formats:
        lacks["formats"] = "Tick at least one kind of file."
    return lacks


def read_sets(path: Path, library: Library) -> Sets:
    """Return the sets in a file, which may be missing.

    Args:
        path: the file.
        library: whose handouts and tools may be named.

    Raises:
        ProjectError: it cannot be read, or is no TOML.
    """
    seen = read_seen(path)
    table = Table(path.name, parse_toml(seen.text, path.name, ProjectError))
    found, names = list[SavedSet](), set[str]()
    for row in table.tables("set") if table.has("set") else ():
        before = len(table.findings)
        name, selection = _parse(row, library)
        if name.casefold() in names:
            row.report("name", f"{name!r} is there twice", "Give each set a name of its own.")
        names.add(name.casefold())
        found.append(SavedSet(name, selection, tuple(table.findings[before:])))
        del table.findings[before:]
    table.finish()
    return Sets(tuple(found), tuple(table.findings), seen.digest)


def _parse(row: Table, library: Library) -> tuple[str, Selection]:
    """Return a set's name and choice; findings stay in the table."""
    name = row.text("name")
    if len(name) > MAX_NAME:
        row.report("name", f"is longer than {MAX_NAME} signs", "Shorten it.")
    selection = Selection(
        sheets=_known(row, "sheets", lambda sheet: _require_sheet(sheet, library)),
        languages=_known(row, "languages", lambda tag: get_language(tag).tag),
        edition=cast(Edition, row.text("edition", "standard", choices=EDITIONS)),
        paper=row.text("paper", "letter", choices=PAPERS),
        tools=_known(row, "tools", library.require_tool),
        formats=cast(tuple[Format, ...], _formats(row)),
    )
    row.finish()
    return name, selection


def _known(row: Table, key: str, require: Callable[[str], str]) -> tuple[str, ...]:
    """Return the names of a list that are known; the others are findings."""
    names = []
    for number, name in enumerate(row.texts(key)):
        try:
            names.append(require(name))
        except LdnPrintError as problem:
            fact, _, hint = str(problem).partition("\n")
            row.report(f"{key}[{number}]", fact, hint.strip())
    return tuple(dict.fromkeys(names))


def _formats(row: Table) -> tuple[str, ...]:
    formats = row.texts("formats") if row.has("formats") else ("pdf",)
    for number, name in enumerate(formats):
        if name not in FORMATS:
            row.report(f"formats[{number}]", f"{name!r} is not known", f"Known: {', '.join(FORMATS)}.")
    return tuple(name for name in FORMATS if name in formats)


def _require_sheet(name: str, library: Library) -> str:
    return name if name in library.tool_ids() else library.require_handout(name)


def save_set(path: Path, saved: SavedSet, digest: str) -> None:
    """Write a set into the file, in place of one of the same name; everything else there stays as it is.

    Args:
        path: the file; made where there is none.
        saved: the set.
        digest: that of the file when it was read (`Sets.digest`).

    Raises:
        ChangedError: somebody else wrote the file meanwhile.
        ProjectError: the file cannot be read, or holds too many sets.
        OutputError: it cannot be written.
    """
    document, rows = _open(path)
    values = _to_values(saved)
    index = _index(rows, saved.name)
    if index is None:
        if len(rows) >= _MOST_SETS:
            raise ProjectError(f"{path.name}: holds {len(rows)} sets already\n  Delete one first.")
        rows.append(_table(values))
    else:
        _update(rows[index], values)
    write_seen(path, tomlkit.dumps(document), digest)


def delete_set(path: Path, name: str, digest: str) -> None:
    """Take a set out of the file; a name that is not there is no fault.

    Raises:
        ChangedError, ProjectError, OutputError: as `save_set`.
    """
    document, rows = _open(path)
    index = _index(rows, name)
    if index is not None:
        del rows[index]
        if not rows:
            del document["set"]
        write_seen(path, tomlkit.dumps(document), digest)


def _open(path: Path) -> tuple[tomlkit.TOMLDocument, AoT]:
    """Return the file as it stands, with every sign of it, and its list of sets."""
    seen: Seen = read_seen(path)
    try:
        document = tomlkit.parse(seen.text)
    except TOMLKitError as problem:
        raise ProjectError(f"{path.name}: is not valid TOML: {problem}\n  Correct the file first.") from problem
    if not seen.text:
        document.add(tomlkit.comment(_HEAD))
        document.add(tomlkit.nl())
    if "set" not in document:
        document["set"] = tomlkit.aot()
    rows = document["set"]
    if not isinstance(rows, AoT):
        raise ProjectError(f"{path.name}: set: is no list of tables\n  Start each set with a line [[set]].")
    return document, rows


def _index(rows: AoT, name: str) -> int | None:
    names = [str(row.get("name", "")).casefold() for row in rows]
    return names.index(name.casefold()) if name.casefold() in names else None


def _to_values(saved: SavedSet) -> dict[str, Any]:
    selection = saved.selection
    return {
        "name": saved.name,
        "sheets": list(selection.sheets),
        "languages": list(selection.languages),
        "edition": selection.edition,
        "paper": selection.paper,
        "tools": list(selection.tools),
        "formats": list(selection.formats),
    }


def _table(values: Mapping[str, Any]) -> TomlTable:
    table = tomlkit.table()
    for key, value in values.items():
        table.add(key, value)
    table.add(tomlkit.nl())
    return table


def _update(table: MutableMapping[str, Any], values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if table.get(key) != value:
            table[key] = value
