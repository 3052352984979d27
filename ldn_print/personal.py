"""Reads what staff fill in for one patient, from a stream, never from the command line; and what goes where.

The text is TOML. Its values stand in no finding, so that a mistake puts no patient's name on a screen or in a log.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from ldn_print.errors import Diagnostic, ProjectError
from ldn_print.languages import get_language
from ldn_print.models import Clinic, Personal, Slot, Week
from ldn_print.schedule import parse_schedule
from ldn_print.tables import Table

PLACE = "--patient"
_LONGEST = {"name": 60, "prescriber": 60, "note": 400}


def parse_personal(text: str, clinic: Clinic) -> Personal:
    """Return what is printed for one patient.

    Args:
        text: TOML with any of ``name``, ``date``, ``prescriber``, ``note``, ``note_language`` and a table ``plan``
            as in a file for ``--schedule``.
        clinic: its language is that of the note, its limits are those of the plan.

    Raises:
        ProjectError: the text is no TOML, or a value is not usable; all findings are listed.
        LanguageError: the note's language is not known.
    """
    return read_personal(Table(PLACE, _read(text)), clinic)


def read_personal(table: Table, clinic: Clinic) -> Personal:
    """Return what is printed for one patient, from a table with the keys of `parse_personal`.

    Raises:
        ProjectError: a value is not usable; all findings are listed.
        LanguageError: the note's language is not known.
    """
    personal = Personal(
        name=table.text("name", ""),
        day=table.optional_day("date"),
        prescriber=table.text("prescriber", ""),
        note=" ".join(table.text("note", "").split()),
        note_language=get_language(table.text("note_language", clinic.language)).tag,
        schedule=parse_schedule(table.table("plan"), f"{table.place}: plan", clinic)
        if table.has("plan")
        else None,
    )
    table.finish()
    for key, most in _LONGEST.items():
        if len(getattr(personal, key)) > most:
            table.report(key, f"is longer than {most} signs", "Shorten it, or write it by hand.")
    if table.findings:
        raise ProjectError.from_diagnostics(f"{table.place}: not usable", table.findings)
    return personal


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        line = str(problem).rpartition("(at ")[2].removesuffix(")")
        raise ProjectError(
            f"{PLACE}: is not valid TOML ({line})\n"
            '  Text stands in quotes, name = "Example Patient"; a date without them, date = 2026-11-23.'
        ) from None


def note_lines(lines: Sequence[Slot]) -> tuple[Slot | None, float]:
    """Return the place of lines to write on, and how far apart they are, in mm; the first may stand higher."""
    if not lines:
        return None, 0
    first, last = lines[0], lines[-1]
    height = last.height * len(lines)
    return replace(first, y=last.y + last.height - height, height=height), last.height


def plan_rows(personal: Personal) -> tuple[Week, ...]:
    """Return the steps of a dose plan, each with the day it starts on."""
    if personal.schedule is None:
        return ()
    weeks = personal.schedule.calendar
    firsts = [0, *accumulate(step.weeks for step in personal.schedule.steps)]
    return tuple(weeks[first] for first in firsts[:-1])


def find_missing_slots(personal: Personal, slots: Mapping[str, Slot], place: str) -> Iterator[Diagnostic]:
    """Yield what was filled in and has no place on a sheet.

    Args:
        personal: what staff filled in.
        slots: the places to write in.
        place: how findings name the sheet.
    """
    steps = len(personal.schedule.steps) if personal.schedule else 0
    lines = sum(name.startswith("plan-") and name.endswith("-start") for name in slots)
    if steps > lines:
        fact = f"the plan has {steps} steps, and the sheet has {lines} lines for them"
        yield Diagnostic("P-slot", place, fact, "Print the dose plan: build dose-plan --schedule plan.toml.")
    if personal.name and "name" not in slots:
        yield Diagnostic("P-slot", place, "there is no line for a name", "Use the edition standard or guide.")
    if (personal.note or personal.day or personal.prescriber) and "note-1" not in slots:
        fact = "there are no lines for a date, a prescriber or a note"
        yield Diagnostic("P-slot", place, fact, "Use the edition standard or guide.")
