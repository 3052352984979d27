"""Reads ``handout.toml`` and ``references.toml`` into models, all findings at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast, get_args

from ldn_print.errors import ContentError
from ldn_print.models import DIRECTIONS, LEVELS, Change, ChangeKind, Direction, Evidence, Handout, Reference, Tool
from ldn_print.project import Library
from ldn_print.tables import Table, read_toml

_ICD10CM = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_REVIEW_MONTHS, _MAX_REVIEW_MONTHS = 24, 36  # handout standards 5.2: review every 24 months, 36 at most
_EDITIONS = ("standard", "guide", "tool")
_NO_CHANGE = Change("0.0.0", date(2000, 1, 1), "first", "", {}, "")


def load_references(library: Library) -> dict[str, Reference]:
    """Return every source of the library by its key.

    Raises:
        ContentError: the list cannot be read or has findings.
    """
    data = read_toml(library.references, ContentError)
    references, findings = {}, []
    for key, row in data.items():
        table = Table(str(library.references), row if isinstance(row, dict) else {}, prefix=f"{key}.")
        references[key] = Reference(
            key=key,
            citation=table.text("citation"),
            year=table.whole("year", range(1960, 2100)),
            status=table.text("status", choices=("V", "V2", "M")),
            design=table.text("design"),
            people=table.whole("people", range(1_000_000)),
            dose=table.text("dose"),
            outcome=table.text("outcome"),
            seen=table.text("seen"),
            recheck=table.day("recheck"),
        )
        table.finish()
        findings += table.findings
    if findings:
        raise ContentError.from_diagnostics(f"{library.references}: not usable", findings)
    return references


def load_grades(library: Library) -> dict[str, Evidence]:
    """Return level and direction of the evidence for each condition.

    Raises:
        ContentError: the table cannot be read or has findings.
    """
    grades, findings = {}, []
    for key, row in read_toml(library.grades, ContentError).items():
        table = Table(str(library.grades), row if isinstance(row, dict) else {}, prefix=f"{key}.")
        grades[key] = _parse_evidence(table)
        findings += table.findings
    if findings:
        raise ContentError.from_diagnostics(f"{library.grades}: not usable", findings)
    return grades


def load_handout(library: Library, handout_id: str, references: Mapping[str, Reference]) -> Handout:
    """Return the handout with this id.

    Raises:
        ContentError: there is no such handout, or its file has findings; all are listed.
    """
    library.require_handout(handout_id)
    path = library.handouts / handout_id / "handout.toml"
    table = Table(str(path), read_toml(path, ContentError))
    handout = _parse_handout(table, handout_id, references)
    table.finish()
    template = path.with_name("handout.html")
    if not template.is_file():
        table.report("handout.html", "this file is missing beside it", "Write the condition's template.")
    if table.findings:
        raise ContentError.from_diagnostics(f"{path}: not usable", table.findings)
    return handout


def load_tool(library: Library, tool_id: str) -> Tool:
    """Return the tool with this id.

    Raises:
        ContentError: there is no such tool, or its file has findings; all are listed.
    """
    library.require_tool(tool_id)
    path = library.tools / f"{tool_id}.toml"
    table = Table(str(path), read_toml(path, ContentError))
    tool = Tool(**_parse_publication(table, tool_id))
    table.finish()
    if table.findings:
        raise ContentError.from_diagnostics(f"{path}: not usable", table.findings)
    return tool


def _parse_handout(table: Table, handout_id: str, references: Mapping[str, Reference]) -> Handout:
    return Handout(
        **_parse_publication(table, handout_id),
        evidence=_parse_evidence(table.table("evidence")),
        references=_find_references(table, references),
        codes=_parse_codes(table, "icd10cm"),
        unconfirmed_codes=_parse_codes(table, "icd10cm_unconfirmed"),
        code_year=table.whole("icd10cm_year", range(2016, 2100)),
        synonyms=table.texts("synonyms"),
    )


def _parse_publication(table: Table, known_id: str) -> dict[str, Any]:
    """Return what handouts and tools have in common, by field."""
    written_id = table.text("id")
    if written_id and written_id != known_id:
        table.report("id", f"is {written_id!r}, but its place says {known_id!r}", "Make them the same.")
    changes = tuple(map(_parse_change, table.tables("change"))) or (_NO_CHANGE,)
    _check_changes(table, changes)
    issued = changes[-1].day
    review_by = table.optional_day("review_by") or _after(issued, _REVIEW_MONTHS)
    months = (review_by.year - issued.year) * 12 + review_by.month - issued.month
    if not 0 < months <= _MAX_REVIEW_MONTHS:
        table.report(
            "review_by",
            f"{review_by} is {months} months after issued {issued}",
            f"Choose a date within {_MAX_REVIEW_MONTHS} months.",
        )
    return {
        "id": known_id,
        "title": table.text("title"),
        "short_title": table.text("short_title"),
        "owner": table.text("owner"),
        "authors": table.texts("authors"),
        "review_by": review_by,
        "changes": changes,
    }


def _parse_change(table: Table) -> Change:
    words = table.table("words") if table.has("words") else None
    change = Change(
        version=table.text("version"),
        day=table.day("date"),
        kind=cast(ChangeKind, table.text("kind", choices=get_args(ChangeKind))),
        what=table.text("what"),
        words={edition: words.text(edition) for edition in _EDITIONS if words.has(edition)} if words else {},
        layout=table.text("layout", ""),
    )
    if words:
        words.finish()
    table.finish()
    return change


def _check_changes(table: Table, changes: Sequence[Change]) -> None:
    """Report versions that are none, or that do not follow each other."""
    numbers = []
    for place, change in enumerate(changes):
        if change.version and not _VERSION.fullmatch(change.version):
            hint = 'Write three numbers: "0.1.0".'
            table.report(f"change[{place}].version", f"{change.version!r} is not a version", hint)
            continue
        numbers.append([int(part) for part in change.version.split(".") if part])
    days = [change.day for change in changes]
    if numbers != sorted(numbers) or days != sorted(days):
        table.report("change", "versions or dates do not follow each other", "The last change comes last.")


def _after(day: date, months: int) -> date:
    """Return the day so many months later; at the end of a month an earlier one, if need be."""
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, 28))


def _parse_evidence(table: Table) -> Evidence:
    level = table.whole("level", range(len(LEVELS)))
    direction = table.text("direction", choices=DIRECTIONS)
    table.finish()
    return Evidence(level=level, direction=cast(Direction, direction))


def _find_references(table: Table, references: Mapping[str, Reference]) -> tuple[Reference, ...]:
    keys = table.texts("references")
    if not keys:
        table.report("references", "names no source", 'List keys of references.toml: ["…"].')
    for number, key in enumerate(keys):
        place = f"references[{number}]"
        if key not in references:
            table.report(place, f"{key!r} is not in references.toml", "Add the source there first.")
        elif references[key].status == "M":
            table.report(place, f"{key!r} is marked M: from memory", "Look it up before it is cited.")
    return tuple(references[key] for key in keys if key in references)


def _parse_codes(table: Table, key: str) -> tuple[str, ...]:
    codes = table.texts(key)
    for number, code in enumerate(codes):
        if not _ICD10CM.fullmatch(code):
            table.report(f"{key}[{number}]", f"{code!r} does not look like an ICD-10-CM code", 'As in "M79.7".')
    return codes


def parse_metadata(data: dict[str, Any]) -> dict[str, Any]:
    """Return the texts of a handout file that are messages, by their key."""
    return {key: data[key] for key in ("title", "short_title") if isinstance(data.get(key), str)}
