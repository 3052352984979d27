"""What a handout is, before and after it has found its language. No reading, no writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ldn_print.countries import Country, Paper

Direction = Literal["unknown", "no clear benefit", "mixed", "may help"]
Policy = Literal["mark", "approved"]
Edition = Literal["standard"]

# Levels and directions: the grade scale of the evidence, printed as a rail of four stops each.
LEVELS = ("no good studies", "case reports only", "small studies", "some good studies")
DIRECTIONS: tuple[Direction, ...] = ("unknown", "no clear benefit", "mixed", "may help")


@dataclass(frozen=True)
class Evidence:
    """How well LDN was studied for a condition (0 to 3) and what was found."""

    level: int
    direction: Direction


@dataclass(frozen=True)
class Reference:
    """A source by its key. ``status`` is V, V2 or M: only V may be cited as checked."""

    key: str
    citation: str
    year: int
    status: str


@dataclass(frozen=True)
class Handout:
    """One condition's handout, as its content editor wrote it."""

    id: str
    title: str
    short_title: str
    owner: str
    version: str
    issued: date
    review_by: date
    evidence: Evidence
    references: tuple[Reference, ...]
    codes: tuple[str, ...]
    template: str

    @property
    def reference_years(self) -> tuple[int, int]:
        """The first and the last year of the sources."""
        years = [reference.year for reference in self.references]
        return min(years), max(years)


@dataclass(frozen=True)
class Logo:
    """A clinic's logo, already cleaned: the bytes that may be printed and their type."""

    data: bytes
    media_type: Literal["image/png", "image/svg+xml"]


@dataclass(frozen=True)
class Clinic:
    """Who hands the sheet out. Only the country is needed."""

    country: Country
    decimal: str
    paper: Paper
    language: str
    name: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    after_hours: str = ""
    logo: Logo | None = None
    policy: Policy = "mark"
