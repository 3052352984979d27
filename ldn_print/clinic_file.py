"""The clinic's profile as a text that people and the desk edit: what nobody changed stays as it is written.

`clinic` reads what the profile means; here its keys are fields to fill in, and go back between the comments.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from ldn_print.clinic import parse_clinic
from ldn_print.errors import Diagnostic, ProjectError
from ldn_print.files import Seen, write_file, write_seen
from ldn_print.models import Clinic, Logo
from ldn_print.tables import Table, parse_toml

_TEXTS = ("country", "decimal", "paper", "language", "name", "phone", "after_hours", "policy", "verify_url")
_AMOUNTS = ("highest_dose", "largest_step")
_POLICY = "mark"  # what goes where the profile says nothing
_HEAD = "The clinic's profile. Edit it here, or on the page “Clinic” of the desk."
_ENDINGS = {"image/png": "png", "image/svg+xml": "svg"}


@dataclass(frozen=True)
class PhraseFields:
    """A sentence of the clinic as it is filled in: its name, and its words by the tag of their language."""

    name: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Fields:
    """The profile as texts to fill in; what is empty is not said.

    ``address`` holds lines, ``logo`` the name of a file.
    """

    country: str = ""
    decimal: str = ""
    paper: str = ""
    language: str = ""
    name: str = ""
    address: str = ""
    phone: str = ""
    after_hours: str = ""
    policy: str = ""
    highest_dose: str = ""
    largest_step: str = ""
    verify_url: str = ""
    approvals: str = ""
    logo: str = ""
    phrases: tuple[PhraseFields, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What a profile's text means, and everything that is wrong with it; it may be used only without findings."""

    clinic: Clinic
    findings: tuple[Diagnostic, ...]


def read_fields(text: str, place: str) -> Fields:
    """Return a profile's text as fields; values of a wrong kind are shown as they are.

    Raises:
        ProjectError: it is no TOML.
    """
    data = parse_toml(text, place, ProjectError)
    texts: dict[str, Any] = {
        key: str(data[key]) for key in (*_TEXTS, *_AMOUNTS, "approvals", "logo") if key in data
    }
    address = data.get("address", "")
    lines = "\n".join(map(str, address)) if isinstance(address, list) else str(address)
    phrases = data.get("phrases", {})
    rows = phrases.items() if isinstance(phrases, dict) else ()
    found = tuple(PhraseFields(name, _texts(row)) for name, row in rows)
    texts.setdefault("policy", _POLICY)
    return replace(Fields(**texts), address=lines, phrases=found)


def _texts(row: object) -> dict[str, str]:
    return {tag: str(text) for tag, text in row.items()} if isinstance(row, dict) else {}


def check_text(text: str, path: Path) -> Checked:
    """Return what a profile's text means.

    Args:
        text: as it stands in the file, or would.
        path: where; a logo's path starts from its folder.

    Raises:
        ProjectError: it is no TOML.
    """
    table = Table(path.name, parse_toml(text, path.name, ProjectError))
    clinic = parse_clinic(table, path.parent)
    return Checked(clinic, tuple(table.findings))


def merge(text: str, wanted: Fields) -> str:
    """Return a profile's text with fields filled in; comments, order and unknown keys stay.

    Raises:
        ProjectError: the text is no TOML.
    """
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as problem:
        raise ProjectError(f"the profile is not valid TOML: {problem}\n  Correct the file first.") from problem
    if not text:
        document.add(tomlkit.comment(_HEAD))
    for key in _TEXTS:
        value = getattr(wanted, key)
        is_said = key in document or (key, value) != ("policy", _POLICY)
        _set(document, key, value if is_said else "")
    for key in _AMOUNTS:
        _set(document, key, _to_number(getattr(wanted, key)))
    _set(document, "address", [line.strip() for line in wanted.address.splitlines() if line.strip()])
    _set(document, "logo", wanted.logo)
    _merge_phrases(document, wanted.phrases)
    return tomlkit.dumps(document)


def _set(table: MutableMapping[str, Any], key: str, value: Any) -> None:
    """Write a value where it is another one; an empty one takes the key away."""
    if value == "" or value == []:
        table.pop(key, None)
    elif table.get(key) != value:
        table[key] = value


def _to_number(text: str) -> int | float | str:
    """Return a number as TOML writes it; what is none stays a text, and is told when the profile is checked."""
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return text
    if not value.is_finite():
        return text
    return int(value) if value == value.to_integral_value() and abs(value) < 1000 else float(value)


def _merge_phrases(document: tomlkit.TOMLDocument, wanted: tuple[PhraseFields, ...]) -> None:
    rows = document.get("phrases")
    if not wanted:
        document.pop("phrases", None)
        return
    if not isinstance(rows, MutableMapping):
        document.pop("phrases", None)
        document["phrases"] = tomlkit.table(is_super_table=True)
        rows = document["phrases"]
    for name in [name for name in rows if name not in {row.name for row in wanted}]:
        del rows[name]
    for row in wanted:
        if not isinstance(rows.get(row.name), MutableMapping):
            rows[row.name] = tomlkit.table()
        texts = rows[row.name]
        for tag in [tag for tag in texts if tag not in row.texts]:
            del texts[tag]
        for tag, text in row.texts.items():
            _set(texts, tag, text)


def find_differences(one: Fields, other: Fields) -> tuple[str, ...]:
    """Return the names of the fields that differ."""
    return tuple(row.name for row in fields(one) if getattr(one, row.name) != getattr(other, row.name))


def logo_name(logo: Logo) -> str:
    """Return the name of the file that a logo is stored in, beside the profile."""
    return f"logo.{_ENDINGS[logo.media_type]}"


def save_profile(path: Path, seen: Seen, wanted: Fields, logo: Logo | None) -> None:
    """Write a profile that was checked, and beside it a logo that was cleaned.

    Args:
        path: of the profile; made where there is none.
        seen: the profile as it was when the fields were shown.
        wanted: its fields; without a new logo ``logo`` there is the name of the old one.
        logo: a new one; None to leave it.

    Raises:
        ChangedError: somebody else wrote the profile meanwhile.
        ProjectError, OutputError: it cannot be read or written.
    """
    if logo is not None:
        write_file(path.resolve().parent / logo_name(logo), logo.data, is_lasting=True)
        wanted = replace(wanted, logo=logo_name(logo))
    write_seen(path, merge(seen.text, wanted), seen.digest)
