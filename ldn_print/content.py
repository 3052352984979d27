"""Reads ``handout.toml`` and ``references.toml`` into models, all findings at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from ldn_print.errors import ContentError
from ldn_print.models import DIRECTIONS, LEVELS, Direction, Evidence, Handout, Reference, Tool
from ldn_print.project import Library
from ldn_print.tables import Table, read_toml

_ICD10CM = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
_VERSION = re.compile(r"\d+\.\d+(\.\d+)?")
_MAX_REVIEW_MONTHS = 36  # handout standards 5.2: review every 24 months, 36 at most


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
    )


def _parse_publication(table: Table, known_id: str) -> dict[str, Any]:
    """Return what handouts and tools have in common, by field."""
    written_id = table.text("id")
    if written_id and written_id != known_id:
        table.report("id", f"is {written_id!r}, but its place says {known_id!r}", "Make them the same.")
    version = table.text("version")
    if version and not _VERSION.fullmatch(version):
        table.report("version", f"{version!r} is not a version", 'Write numbers and points: "0.1".')
    issued, review_by = table.day("issued"), table.day("review_by")
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
        "version": version,
        "issued": issued,
        "review_by": review_by,
    }


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
