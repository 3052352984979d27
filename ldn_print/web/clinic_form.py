"""The form of the clinic's profile: reading what was sent, and saying what is wrong beside its fields."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from ldn_print.clinic import LOGO_HINT, MAX_LOGO_BYTES, clean_logo
from ldn_print.clinic_file import Checked, Fields, PhraseFields, check_text, merge
from ldn_print.errors import ContentError, Diagnostic
from ldn_print.files import Seen
from ldn_print.models import GENERAL, Logo
from ldn_print.web.guard import check_token

_MOST_FIELDS = 600
_MOST_ROWS = 40  # sentences
_MOST_KEPT = 1_000_000  # bytes of a new logo that travel with the form until it is saved
_TEXTS = (
    *("country", "decimal", "paper", "language", "name", "phone", "after_hours"),
    *("policy", "highest_dose", "largest_step", "verify_url"),
)
LABELS: Mapping[str, str] = {
    "country": "Country of care",
    "decimal": "Decimal sign",
    "paper": "Paper",
    "language": "Language of staff",
    "name": "Name",
    "address": "Address",
    "phone": "Phone",
    "after_hours": "Phone after hours",
    "policy": "Sheets that nobody has approved",
    "highest_dose": "Highest dose",
    "largest_step": "Largest step",
    "verify_url": "Address for looking a sheet up",
    "approvals": "Folder of approvals",
    "logo": "Logo",
    "phrases": "Sentences for notes",
}
# What to do, in the words of a form, where the finding says how a line of TOML is written.
_HINTS = {
    "country": "Choose the country where the medicine is given out.",
    "decimal": "Choose how numbers are written on this clinic's labels.",
    "highest_dose": "Write a number of milligrams, as in 4.5.",
    "largest_step": "Write a number of milligrams, as in 1.5.",
}
_FACTS = {"C-missing-key": "is needed here"}


@dataclass(frozen=True)
class Look:
    """What the preview shows: a handout's id and a language's tag."""

    sheet: str = GENERAL
    language: str = "en"


@dataclass(frozen=True)
class Typed:
    """The form as it was sent.

    ``logo`` is a new one, cleaned; ``logo_fault`` says why it is none. ``digest`` is that of the file when the
    form was made.
    """

    fields: Fields
    digest: str
    look: Look
    logo: Logo | None = None
    logo_fault: str = ""
    removes_logo: bool = False

    @property
    def kept_logo(self) -> str:
        """A new logo as it travels with the form: nobody has to choose the file twice."""
        return base64.b64encode(self.logo.data).decode() if self.logo and len(self.logo.data) < _MOST_KEPT else ""


async def read_typed(request: Request, now: Fields) -> Typed:
    """Return the form that was sent.

    Args:
        request: what was sent.
        now: the profile as it is: what the form does not hold comes from there.

    Raises:
        ContentError: it is no form of this desk.
        Refused: it was not written by this desk.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "multipart/form-data":
        raise ContentError("this form was sent in a way that the desk does not take\n  Load the page again.")
    async with request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=2 * _MOST_KEPT) as form:
        check_token(request, _text(form, "csrf"))
        logo, fault = await _read_logo(form)
        return Typed(
            fields=replace(_read_fields(form), approvals=now.approvals, logo=now.logo),
            digest=_text(form, "digest"),
            look=Look(_text(form, "look_sheet") or GENERAL, _text(form, "look_language") or "en"),
            logo=logo,
            logo_fault=fault,
            removes_logo="remove_logo" in form,
        )


def _text(form: FormData, key: str) -> str:
    value = form.get(key, "")
    return value.strip() if isinstance(value, str) else ""


def _read_fields(form: FormData) -> Fields:
    texts: dict[str, Any] = {key: " ".join(_text(form, key).split()) for key in _TEXTS}
    lines = [" ".join(line.split()) for line in _text(form, "address").splitlines()]
    return Fields(**texts, address="\n".join(filter(None, lines)), phrases=tuple(_read_phrases(form)))


def _read_phrases(form: FormData) -> Iterable[PhraseFields]:
    """Yield the sentences; a row with nothing in it, or with a tick to take it out, is none."""
    for number in range(_MOST_ROWS):
        prefix = f"phrase-{number}-"
        name = " ".join(_text(form, f"{prefix}name").split())
        texts = {
            key.removeprefix(f"{prefix}text-"): " ".join(_text(form, key).split())
            for key in form
            if key.startswith(f"{prefix}text-") and _text(form, key)
        }
        if f"{prefix}remove" not in form and (name or texts):
            yield PhraseFields(name, texts)


async def _read_logo(form: FormData) -> tuple[Logo | None, str]:
    """Return a logo that was sent now, or with the form before, and what is wrong with it."""
    sent = form.get("logo")
    data = await sent.read(MAX_LOGO_BYTES + 1) if isinstance(sent, UploadFile) else b""
    try:
        if not data:
            data = base64.b64decode(_text(form, "kept_logo"), validate=True)
        return (clean_logo(data) if data else None), ""
    except (ValueError, binascii.Error) as problem:
        return None, f"This file {problem}. {LOGO_HINT}"


def check_typed(typed: Typed, seen: Seen, path: Path) -> tuple[Fields, Checked]:
    """Return the fields as they will be saved, and what they mean with everything that is wrong.

    Raises:
        ProjectError: the file as it is cannot be read.
    """
    gone = typed.removes_logo or typed.logo is not None
    fields = replace(typed.fields, logo="" if gone else typed.fields.logo)
    checked = check_text(merge(seen.text, fields), path)
    if typed.logo is not None:
        checked = replace(checked, clinic=replace(checked.clinic, logo=typed.logo))
    more = [*_find_phrase_faults(fields), *([_fault("logo", typed.logo_fault)] if typed.logo_fault else [])]
    return fields, replace(checked, findings=(*checked.findings, *more))


def _find_phrase_faults(fields: Fields) -> Iterable[Diagnostic]:
    names = [row.name for row in fields.phrases]
    for number, row in enumerate(fields.phrases):
        if not row.name:
            yield _fault(f"phrases.{number}", "Give this sentence a name.")
        elif names.index(row.name) != number:
            yield _fault(
                f"phrases.{number}", f"“{row.name}” is there twice. Give each sentence a name of its own."
            )


def _fault(key: str, words: str) -> Diagnostic:
    return Diagnostic("C-value", f"form: {key}", words)


def to_messages(findings: Iterable[Diagnostic], fields: Fields) -> dict[str, list[str]]:
    """Return findings in words by the field beside which they stand; an empty key is for those of no field."""
    messages: dict[str, list[str]] = {}
    for finding in findings:
        key = _field_of(finding.place.partition(": ")[2], fields)
        messages.setdefault(key, []).append(_words(finding, key))
    return messages


def _field_of(key: str, fields: Fields) -> str:
    for number, row in enumerate(fields.phrases):
        if key == f"phrases.{number}" or f"{key}.".startswith(f"phrases.{row.name}."):
            return f"phrases.{number}"
    field = key.partition("[")[0]
    return field if field in LABELS else "phrases" if key.startswith("phrases") else ""


def _words(finding: Diagnostic, key: str) -> str:
    if finding.code == "C-value" and finding.place.startswith("form: "):
        return finding.fact
    fact, hint = _FACTS.get(finding.code, finding.fact), finding.hint
    if finding.code in ("C-missing-key", "C-type"):
        hint = _HINTS.get(key, hint)
    name = LABELS.get(key, "")
    if key.startswith("phrases."):
        name = finding.place.partition("phrases.")[2]
    return f"{name or finding.place}: {fact}. {hint}".strip()
