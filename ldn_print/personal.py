"""Reads what staff fill in for one patient, from a stream, never from the command line; and what goes where.

The text is TOML. Its values stand in no finding, so that a mistake puts no patient's name on a screen or in a log.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from ldn_print.errors import ProjectError
from ldn_print.languages import get_language
from ldn_print.models import Clinic, Personal, Schedule, Slot, Week
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


def _read_plan(table: Table, clinic: Clinic) -> Schedule:
    return parse_schedule(table.table("plan"), f"{table.place}: plan", clinic)


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
