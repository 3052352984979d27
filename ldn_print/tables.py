"""Reads TOML that people write: every finding at once, in the author's own words.

A `Table` hands out values by key and collects what is wrong; `finish` adds the keys nobody asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from ldn_print.errors import Diagnostic, LdnPrintError, read_source

_T = TypeVar("_T")
Number = int | float
_NAMES: dict[Any, str] = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
_NAMES |= {Number: "a number", list: "a list", dict: "a table", date: "a date such as 2026-11-23"}


def read_toml(path: Path, error: type[LdnPrintError]) -> dict[str, Any]:
    """Return the contents of a TOML file.

    Raises:
        LdnPrintError: of the class ``error``, with file and line, when it cannot be read.
    """
    return parse_toml(read_source(path, error), str(path), error)


def parse_toml(text: str, place: str, error: type[LdnPrintError]) -> dict[str, Any]:
    """Return the contents of a text in TOML.

    Args:
        text: as it stands in the file.
        place: how messages name the file.
        error: the class of what is raised.

    Raises:
        LdnPrintError: of the class ``error``, with the line, when it cannot be read.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise error(
            f"{place}: is not valid TOML: {problem}\n  Compare the line with its neighbours: quotes and "
            'brackets come in pairs, and text stands in quotes, name = "Example Clinic".'
        ) from problem


class Table:
    """One table of a TOML file, read key by key; ``place`` is how findings name the file."""

    def __init__(self, place: str, data: Mapping[str, Any], *, prefix: str = "") -> None:
        self.place = place
        self._data = data
        self._prefix = prefix
        self._asked: set[str] = set()
        self.findings: list[Diagnostic] = []

    def report(self, key: str, fact: str, hint: str = "", code: str = "C-value") -> None:
        """Add a finding about a key."""
        self.findings.append(Diagnostic(code, f"{self.place}: {self._prefix}{key}", fact, hint))

    def names(self) -> tuple[str, ...]:
        """Return the keys as they are written, for a table whose author names them."""
        return tuple(self._data)

    def has(self, key: str) -> bool:
        """Tell whether a key is there."""
        self._asked.add(key)
        return key in self._data

    def text(self, key: str, default: str | None = None, *, choices: Sequence[str] = ()) -> str:
        """Return a text; without a default the key has to be there."""
        value = self._value(key, str, default)
        if value is None:
            return ""
        if choices and value not in choices:
            near = get_close_matches(value, choices, 1, 0.4)
            hint = f"Did you mean {near[0]!r}? " if near else ""
            self.report(key, f"{value!r} is not one of the choices", f"{hint}Choices: {', '.join(choices)}.")
        if default is None and not value.strip():
            self.report(key, "is empty", "Write a text between the quotes.")
        return value

    def whole(self, key: str, allowed: range) -> int:
        """Return a whole number within a range."""
        value = self._value(key, int, None)
        if value is None:
            return allowed.start
        if value not in allowed:
            self.report(key, f"{value} is out of range", f"Use {allowed.start} to {allowed.stop - 1}.")
        return value

    def amount(self, key: str) -> Decimal:
        """Return a number above zero, exactly as it is written."""
        value = self._value(key, Number, None)
        if value is not None and value <= 0:
            self.report(key, f"{value} is not above zero", "Write a number such as 1.5.")
        return Decimal(str(value)) if value is not None and value > 0 else Decimal(1)

    def flag(self, key: str) -> bool:
        """Return true or false; a missing key is false."""
        return bool(self._value(key, bool, False))

    def day(self, key: str) -> date:
        """Return a date."""
        return self._value(key, date, None) or date(2000, 1, 1)

    def optional_day(self, key: str) -> date | None:
        """Return a date, or None where the key is not there."""
        return self._value(key, date, None) if self.has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a missing key is an empty list."""
        values: list[Any] | None = self._value(key, list, [])
        if values is None:
            return ()
        for number, value in enumerate(values):
            if not isinstance(value, str):
                self.report(f"{key}[{number}]", f"expected text, got {_describe(value)}", "Write it in quotes.")
        return tuple(value for value in values if isinstance(value, str))

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return the tables of a list, ``[[key]]``; at least one has to be there. Findings are this one's too."""
        rows: list[Any] = self._value(key, list, None) or []
        if not rows and key in self._data:
            self.report(key, "is empty", f"Write at least one: [[{key}]].")
        inner = []
        for number, row in enumerate(rows):
            data = row if isinstance(row, dict) else {}
            inner.append(Table(self.place, data, prefix=f"{self._prefix}{key}[{number}]."))
            inner[-1].findings = self.findings
        return tuple(inner)

    def table(self, key: str) -> Table:
        """Return a table inside this one; its findings are this one's too."""
        inner = Table(self.place, self._value(key, dict, None) or {}, prefix=f"{self._prefix}{key}.")
        inner.findings = self.findings
        return inner

    def finish(self) -> None:
        """Add a finding for every key that means nothing here."""
        for key in self._data:
            if key not in self._asked:
                near = get_close_matches(key, sorted(self._asked), 1, 0.6)
                hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(self._asked))}."
                self.report(key, "this key is not known", hint, "C-unknown-key")

    def _value(self, key: str, kind: type[_T] | Any, default: _T | None) -> _T | None:
        self._asked.add(key)
        if key not in self._data:
            if default is None:
                self.report(key, "is missing", f"Add it: {key} = {_example(kind)}", "C-missing-key")
            return default
        value = self._data[key]
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            return value
        hint = 'Write it in quotes, "…".' if kind is str else f"Write {key} = {_example(kind)}"
        self.report(key, f"expected {_NAMES[kind]}, got {_describe(value)}", hint, "C-type")
        return default if default is not None else None


def _describe(value: object) -> str:
    kind = next((name for known, name in _NAMES.items() if type(value) is known), type(value).__name__)
    return f"{kind.removeprefix('a ')} {value!r}" if not isinstance(value, dict) else kind


def _example(kind: Any) -> str:
    return {str: '"…"', int: "1", Number: "1.5", list: '["…"]', date: "2026-11-23"}.get(kind, "…")
