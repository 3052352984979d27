"""What staff fill in for one patient: sent once, held in memory for one answer, written nowhere.

The form is read in memory (`forms`); its values stand in no address, no log, no finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from itertools import zip_longest
from typing import Any

from starlette.datastructures import MultiDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ldn_print.errors import Diagnostic, LdnPrintError
from ldn_print.models import Clinic, Personal
from ldn_print.personal import read_personal
from ldn_print.tables import Table
from ldn_print.web.choice import job_of
from ldn_print.web.desk import Desktop, look_up, refusals, sheet_response, show
from ldn_print.web.forms import read_form
from ldn_print.web.pages import desk_of
from ldn_print.web.state import View
from ldn_print.web.workers import Copy, make_copy

_CALENDAR = "dose-plan"
_WORDS = {
    "name": "Name", "date": "Date", "prescriber": "Prescriber", "note": "Note", "note_language": "Note's language",
    "plan.form": "Form", "plan.strength": "Strength", "plan.time": "Time of day", "plan.start": "First day",
}  # fmt: skip
_STEP_WORDS = {"dose": "mg a day", "count": "capsules or mL", "weeks": "weeks"}


@dataclass(frozen=True)
class Form:
    """The form as it was sent, to be shown again beside what is wrong with it."""

    name: str
    date: str
    prescriber: str
    note: str
    note_language: str
    form: str
    strength: str
    time: str
    start: str
    steps: tuple[tuple[str, str, str], ...]
    phrases: tuple[str, ...]
    calendar: bool


class _Unusable(Exception):  # noqa: N818  # findings for the person, not a fault
    """The form cannot be printed: what is wrong, in words."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("the form is not usable")
        self.problems = tuple(problems)


def read_fields(fields: MultiDict) -> Form:
    """Return the form that was sent; steps without any number are left out."""
    columns = (fields.getlist("dose"), fields.getlist("count"), fields.getlist("weeks"))
    rows = (tuple(value.strip() for value in row) for row in zip_longest(*columns, fillvalue=""))
    texts = ("name", "date", "prescriber", "note", "note_language", "form", "strength", "time", "start")
    return Form(
        **{key: fields.get(key, "").strip() for key in texts},
        steps=tuple((row[0], row[1], row[2]) for row in rows if any(row)),
        phrases=tuple(fields.getlist("phrase")),
        calendar="calendar" in fields,
    )


def to_personal(form: Form, language: str, clinic: Clinic) -> Personal:
    """Return what is printed for one patient.

    Args:
        form: as it was sent.
        language: the tag of the patient's language, in which the clinic's own sentences print.
        clinic: whose sentences and limits.

    Raises:
        LdnPrintError: a value is not usable; the findings name fields and quote nothing.
    """
    data: dict[str, Any] = {"name": form.name, "prescriber": form.prescriber}
    data |= {"date": _day(form.date, "date")} if form.date else {}
    data |= _note(form, language, clinic)
    if form.steps or form.strength:
        data["plan"] = _plan(form, clinic)
    return read_personal(Table("form", data), clinic)


def _note(form: Form, language: str, clinic: Clinic) -> dict[str, str]:
    """Return the note: the clinic's sentences in the patient's language, then what staff wrote."""
    known = {phrase.name: phrase.texts.get(language) for phrase in clinic.phrases}
    texts = [known.get(name) for name in form.phrases]
    if None in texts:
        raise _Unusable(["Note: one of the clinic's sentences is not there in the patient's language."])
    written_in = form.note_language or language
    if texts and form.note and written_in != language:
        raise _Unusable(
            [
                "Note: the clinic's sentences print in the patient's language, and your own words are in another. "
                "Write in the patient's language, or leave one of the two out."
            ]
        )
    return {
        "note": " ".join(filter(None, [*texts, form.note])),
        "note_language": language if texts else written_in,
    }


def _plan(form: Form, clinic: Clinic) -> dict[str, Any]:
    """Return the plan as a table; a count that was left empty is worked out from dose and strength."""
    strength = _number(form.strength, clinic, "Strength")
    plan: dict[str, Any] = {"form": form.form, "strength": strength, "time": form.time, "step": []}
    plan |= {"start": _day(form.start, "first day")} if form.start else {}
    for number, (dose, count, weeks) in enumerate(form.steps, start=1):
        milligrams = _number(dose, clinic, f"Step {number}, mg a day")
        worked_out = _exact(milligrams, strength, number)
        given = _number(count, clinic, f"Step {number}, capsules or mL") if count else worked_out
        if not weeks.isascii() or not weeks.isdigit():
            raise _Unusable([f"Step {number}: write for how many weeks, as a whole number."])
        plan["step"].append({"dose": milligrams, "count": given, "weeks": int(weeks)})
    return plan


def _exact(dose: float, strength: float, number: int) -> float:
    """Return capsules or mL for a dose."""
    ratio = Decimal(str(dose)) / Decimal(str(strength))
    if ratio * Decimal(str(strength)) != Decimal(str(dose)):
        raise _Unusable([f"Step {number}: this dose cannot be made from this strength. Correct one of them."])
    return _plain(ratio)


def _number(text: str, clinic: Clinic, name: str) -> float:
    """Return a number as the clinic writes it, above zero."""
    other = "," if clinic.decimal == "." else "."
    try:
        value = Decimal(text.replace(clinic.decimal, ".")) if other not in text else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or value <= 0:
        raise _Unusable([f"{name}: write a number above zero, as in 1{clinic.decimal}5."])
    return _plain(value)


def _plain(value: Decimal) -> float:
    """Return a number as TOML would give it: 2 and not 2.0."""
    return int(value) if value == value.to_integral_value() else float(value)


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Unusable([f"{name.capitalize()}: write the day as year, month, day: 2026-11-23."]) from None


def in_words(finding: Diagnostic) -> str:
    """Return a finding as staff read it: the field as the form calls it."""
    key = finding.place.removeprefix("form: ")
    words = _WORDS.get(key, "")
    if key.startswith("plan.step["):
        number, _, column = key.removeprefix("plan.step[").partition("]")
        words = f"Step {int(number) + 1}" + (f", {_STEP_WORDS[column[1:]]}" if column[1:] in _STEP_WORDS else "")
    return f"{words or 'Dose plan'}: {finding.fact}. {finding.hint}"


@dataclass(frozen=True)
class _Asked:
    """What was asked for, and the copy or what is wrong."""

    view: View
    desktop: Desktop
    form: Form
    copy: Copy | None
    problems: tuple[str, ...]


async def _answer(request: Request) -> _Asked:
    desk, fields = desk_of(request), await read_form(request)
    form = read_fields(fields)
    view, desktop = await desk.read(lambda view: (view, look_up(view, fields)))
    if not desktop.can_print or not desktop.is_handout:
        return _Asked(view, desktop, form, None, ("This sheet cannot be filled in.",))
    try:
        personal = to_personal(form, desktop.choice.language, desktop.clinic)
    except _Unusable as problem:
        return _Asked(view, desktop, form, None, problem.problems)
    except LdnPrintError as problem:
        words = tuple(map(in_words, problem.diagnostics)) or (str(problem),)
        return _Asked(view, desktop, form, None, words)
    copy = await desk.workers.run(make_copy, *_copy_job(view, desktop, form, personal))
    return _Asked(view, desktop, form, copy, _refused(copy))


def _copy_job(view: View, desktop: Desktop, form: Form, personal: Personal) -> tuple[object, ...]:
    """Return what a worker makes a copy from; a plan that asks for a calendar leaves the sheet for it."""
    choice, schedule = desktop.choice, None
    if form.calendar and personal.schedule:
        choice = replace(choice, tools=tuple(sorted({*choice.tools, _CALENDAR})))
        personal, schedule = replace(personal, schedule=None), personal.schedule
    return view.settings, job_of(choice, view.press.library), view.stamp, personal, schedule


def _refused(copy: Copy) -> tuple[str, ...]:
    """Return why a copy was refused, in the desk's own words where the command line's would not help."""
    if copy.result.good:
        return ()
    short = {
        "P-slot": "The sheet has no room for all of this. For a longer plan tick “Print the plan as a calendar”.",
    }
    found = copy.result.findings
    return tuple(dict.fromkeys(short.get(row.code, row.fact) for row in found)) or refusals(copy.result)


async def copy_page(request: Request) -> Response:
    """Answer with the first page and a patient's copy on it; the pictures stand in the answer itself."""
    return await _form_page(request, await _answer(request))


async def copy_file(request: Request) -> Response:
    """Answer with a patient's copy as PDF, or with the form and what is wrong with it."""
    asked = await _answer(request)
    if asked.copy is None or asked.problems:
        return await _form_page(request, asked)
    return sheet_response(asked.copy.result.data, asked.copy.result.job)


async def _form_page(request: Request, asked: _Asked) -> Response:
    """Return the first page with the form filled in as it was sent."""
    pictures = asked.copy.pictures if asked.copy and not asked.problems else ()
    shown = replace(await show(request, asked.view, asked.desktop), form=asked.form)
    shown = replace(shown, copy=pictures, problems=asked.problems)
    return shown.answer(request, HTTPStatus.UNPROCESSABLE_ENTITY if asked.problems else HTTPStatus.OK)


ROUTES: Sequence[Route] = (
    Route("/patient", copy_page, methods=["POST"]),
    Route("/patient.pdf", copy_file, methods=["POST"]),
)
