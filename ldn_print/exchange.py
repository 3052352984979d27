"""A language goes out as a spreadsheet and comes back: what changed is told, and nothing else moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ldn_print.budgets import Budget
from ldn_print.catalog import Catalog, Entry, write_catalog
from ldn_print.context import describe_place, described_messages, find_places
from ldn_print.errors import CatalogError, Diagnostic
from ldn_print.languages import Language, get_language
from ldn_print.messages import MessageKey, SourceMessage, shorten
from ldn_print.press import Press
from ldn_print.spreadsheet import NOT_SURE, TRANSLATED, Line, SheetFile, read_sheet, write_sheet

_NOTE = "note:"  # a translator's comment that came from a spreadsheet


@dataclass(frozen=True)
class Change:
    """A message that a spreadsheet changes, with what stood there and what stands there now."""

    message: SourceMessage
    before: str
    after: str


@dataclass(frozen=True)
class Import:
    """What a spreadsheet brings: the language, the catalog as it becomes, each change, what the guard finds."""

    language: Language
    data: bytes
    changes: tuple[Change, ...]
    findings: tuple[Diagnostic, ...]


def make_export(press: Press, language: Language, budgets: Mapping[str, Budget]) -> bytes:
    """Return a language's messages as a spreadsheet.

    Raises:
        LdnPrintError: the catalog or a template cannot be read.
    """
    catalog = _catalog(press, language)
    places = find_places(press)
    handouts = len(press.settings.library.handout_ids())
    lines = []
    for message in press.extractor.library:
        entry = catalog.entries.get(message.key)
        place, budget = places.get(message.key.id), budgets.get(message.key.id)
        where = [*message.notes, *(f"{{{name}}} = {value}" for name, value in message.examples)]
        where += describe_place(place, handouts)[:1] if place else []
        where += ["Safety message."] if message.is_safety else []
        lines.append(
            Line(
                id=message.key.id,
                source=message.key.text,
                target=entry.strings[0] if entry else "",
                state="" if not entry or not any(entry.strings) else NOT_SURE if entry.fuzzy else TRANSLATED,
                note=" ".join(_note(entry)),
                where="\n".join(where),
                room=budget.words if budget else "",
                findings="\n".join(f"{row.code}: {row.fact}" for row in press.catalogs.check(message, language)),
            )
        )
    return write_sheet(language.tag, lines, is_rtl=language.direction == "rtl")


def read_import(press: Press, data: bytes, name: str) -> Import:
    """Return what a spreadsheet changes in its language's catalog.

    Raises:
        CatalogError: it is no such spreadsheet, an English cell was changed, a row is not known, or both the
            sheet and the catalog changed a message since the sheet was written.
        LanguageError: its language is not known.
    """
    sheet = read_sheet(data, name)
    language = get_language(sheet.language)
    catalog = _catalog(press, language)
    messages = {message.key.id: message for message in press.extractor.library}
    problems = [*_find_problems(sheet, messages, catalog)]
    if problems:
        raise CatalogError.from_diagnostics(f"{name}: nothing was imported", (_at(row, name) for row in problems))
    entries, changes = dict(catalog.entries), []
    for line in sheet.lines:
        message = messages[line.id]
        old = catalog.entries.get(message.key) or Entry(("",), fuzzy=False, line=0)
        new = _new_entry(line, old, sheet.before.get(line.id, ""))
        if new != old:
            entries[message.key] = new
            changes.append(Change(message, old.strings[0], new.strings[0]))
    changed = replace(catalog, entries=entries)
    written = write_catalog(described_messages(press), changed, language)
    guard = press.catalogs.guard(language)
    findings = [row for change in changes if change.after for row in guard.check(change.message, changed)]
    return Import(language, written, tuple(changes), tuple(findings))


def _catalog(press: Press, language: Language) -> Catalog:
    catalog = press.catalogs.get(language)
    if catalog is None:
        raise CatalogError("English is the source: it is changed in the templates, not in a spreadsheet")
    return catalog


def _find_problems(
    sheet: SheetFile, messages: Mapping[str, SourceMessage], catalog: Catalog
) -> Iterator[Diagnostic]:
    for number, line in enumerate(sheet.lines, start=2):
        row = f"row {number}"
        message = messages.get(line.id)
        if message is None:
            hint = "Its English has changed since, or the id was: export again and copy your words over."
            yield Diagnostic("X-unknown", row, f"no message has the id {line.id!r}", hint)
            continue
        if line.source.split() != message.key.text.split():
            hint = f"It says: {shorten(message.key.text, 120)}. Put it back; English is changed in the templates."
            yield Diagnostic("X-source", row, f"the English of {line.id} was changed", hint)
        if message.plural:
            hint = "Translate it in the PO file: it has a form for each number."
            yield Diagnostic("X-plural", row, f"{line.id} has plural forms", hint)
        now, before = _target(catalog, message.key), sheet.before.get(line.id, "")
        if now != before and line.target not in (now, before):
            hint = f"The catalog says now: {shorten(now, 120)}. Export again, or write the same into the sheet."
            yield Diagnostic("X-conflict", row, f"{line.id} was changed in the catalog and in the sheet", hint)


def _at(finding: Diagnostic, name: str) -> Diagnostic:
    return replace(finding, place=f"{name}, {finding.place}")


def _target(catalog: Catalog, key: MessageKey) -> str:
    entry = catalog.entries.get(key)
    return entry.strings[0] if entry else ""


def _note(entry: Entry | None) -> list[str]:
    notes = entry.notes if entry else ()
    return [note.removeprefix(_NOTE).strip() for note in notes if note.startswith(_NOTE)]


def _new_entry(line: Line, old: Entry, before: str) -> Entry:
    """Return a message as the sheet wants it; what the sheet did not touch stays as the catalog has it."""
    target = line.target if line.target != before else old.strings[0]
    others = tuple(note for note in old.notes if not note.startswith(_NOTE))
    is_reason = line.note.startswith("ok T-")  # silences a finding, as the same comment in a PO file does
    note = (line.note if is_reason else f"{_NOTE} {line.note}",) if line.note else ()
    return replace(old, strings=(target,), fuzzy=bool(target) and line.state == NOT_SURE, notes=(*others, *note))
