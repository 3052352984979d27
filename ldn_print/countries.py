"""Facts of a country of care: numbers to call, regulator, decimal sign, paper.

They follow the place where the medicine is dispensed, never the reader's language. The table stands in
``data/countries.toml``, each value with the mark of how it was seen; only mark ``V`` is printed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Literal

from ldn_print.errors import ProjectError

Paper = Literal["letter", "a4"]
CHOOSE = "choose"


@dataclass(frozen=True)
class Fact:
    """A contact with the mark of how it was seen."""

    value: str
    mark: str
    source: str

    @property
    def printable(self) -> str:
        """The value when it was confirmed, else an empty text: a line to write on."""
        return self.value if self.mark == "V" else ""


@dataclass(frozen=True)
class Country:
    """A country of care. ``decimal`` is ``.``, ``,`` or ``choose`` (the clinic has to say)."""

    code: str
    name: str
    emergency: Fact
    poison: Fact
    crisis: Fact
    regulator: Fact
    report: Fact
    decimal: str
    paper: Paper
    language: str
    checked: date


@cache
def all_countries() -> dict[str, Country]:
    """Return every country of the registry by its ISO 3166 code."""
    text = resources.files("ldn_print.data").joinpath("countries.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    checked = tables.pop("checked")
    return {code: _country(code, row, checked) for code, row in tables.items()}


def _country(code: str, row: dict[str, object], checked: date) -> Country:
    facts = {key: Fact(**value) if isinstance(value, dict) else value for key, value in row.items()}
    return Country(code=code, checked=checked, **facts)  # type: ignore[arg-type]  # rows are tested


def get_country(code: str) -> Country:
    """Return the country with this code.

    Raises:
        ProjectError: the code is not in the registry; near names are offered.
    """
    countries = all_countries()
    if code.upper() in countries:
        return countries[code.upper()]
    by_name = {country.name.casefold(): country.code for country in countries.values()}
    near = [by_name[name] for name in get_close_matches(code.casefold(), by_name, 2, 0.6)]
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(countries)}."
    raise ProjectError(f"country {code!r}: not known\n  {hint}")
