"""Reads a dose plan that a prescriber has filled in, and refuses every number that does not fit the others.

Nothing is filled in by itself: without such a file the plan on paper is blank. The rules are those of the
handout standards 7 (27 to 30): rising doses, steps and a highest dose within the clinic's own limits,
strength times count equal to the dose, times of day in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import cast

from ldn_print.errors import ProjectError
from ldn_print.models import Clinic, DoseLimits, DoseStep, Form, Schedule, TimeOfDay
from ldn_print.tables import Table, read_toml

MAX_WEEKS = 12  # rows of the plan on one page
_FORMS = ("capsule", "liquid")
_TIMES = ("morning", "noon", "evening", "bedtime")
_SMALLEST = {"capsule": Decimal(1), "liquid": Decimal("0.1")}  # whole capsules; marks of an oral syringe
_UNITS = {"capsule": "capsules", "liquid": "mL"}


def load_schedule(path: Path, clinic: Clinic) -> Schedule:
    """Return the dose plan in a file.

    Raises:
        ProjectError: the file cannot be read, the clinic has set no limits, or a number has a finding; all of
            them are listed.
    """
    table = Table(str(path), read_toml(path, ProjectError))
    schedule = parse_schedule(table, str(path), clinic)
    if table.findings:
        raise ProjectError.from_diagnostics(f"{path}: not usable", table.findings)
    return schedule


def parse_schedule(table: Table, place: str, clinic: Clinic) -> Schedule:
    """Return the dose plan in a table; what is wrong with it stands in the table's findings.

    Raises:
        ProjectError: the clinic has set no limits.
    """
    if clinic.limits is None:
        raise ProjectError(
            f"{place}: cannot be used: the clinic's profile sets no limits for doses\n"
            "  Its clinical lead writes them into clinic.toml: highest_dose and largest_step, in mg a day."
        )
    schedule = _parse(table)
    table.finish()
    if not table.findings:
        _check(schedule, clinic.limits, table)
    return schedule


def _parse(table: Table) -> Schedule:
    return Schedule(
        form=cast(Form, table.text("form", choices=_FORMS)),
        strength=table.amount("strength"),
        time=cast(TimeOfDay, table.text("time", choices=_TIMES)),
        start=table.optional_day("start"),
        steps=tuple(_parse_step(row) for row in table.tables("step")),
    )


def _parse_step(row: Table) -> DoseStep:
    step = DoseStep(row.amount("dose"), row.amount("count"), row.whole("weeks", range(1, MAX_WEEKS + 1)))
    row.finish()
    return step


def _check(schedule: Schedule, limits: DoseLimits, table: Table) -> None:
    weeks = sum(step.weeks for step in schedule.steps)
    if weeks > MAX_WEEKS:
        table.report("step", f"{weeks} weeks in all", f"A page holds {MAX_WEEKS}: make two plans.")
    for number, step in enumerate(schedule.steps):
        for fact, hint in _check_step(step, schedule, limits):
            table.report(f"step[{number}]", fact, hint)
    for number, (before, after) in enumerate(pairwise(schedule.steps), start=1):
        rise = after.dose - before.dose
        if rise <= 0:
            table.report(f"step[{number}]", f"{after.dose} mg does not rise from {before.dose} mg", "Steps go up.")
        elif rise > limits.largest_step:
            fact = f"rises by {rise} mg, but the clinic's largest_step is {limits.largest_step} mg"
            table.report(f"step[{number}]", fact, "Put a step between them.")


def _check_step(step: DoseStep, schedule: Schedule, limits: DoseLimits) -> Iterator[tuple[str, str]]:
    unit = _UNITS[schedule.form]
    if step.dose > limits.highest:
        yield f"{step.dose} mg is above the clinic's highest_dose, {limits.highest} mg", "Lower the dose."
    if step.count % _SMALLEST[schedule.form]:
        yield f"{step.count} {unit} cannot be measured out", f"Use steps of {_SMALLEST[schedule.form]}."
    if schedule.strength * step.count != step.dose:
        given = (schedule.strength * step.count).normalize()
        yield (
            f"{step.count} {unit} of {schedule.strength} mg make {given:f} mg, not {step.dose} mg",
            "Correct dose, count or strength.",
        )
