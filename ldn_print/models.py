"""What a handout is, before and after it has found its language. No reading, no writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

from ldn_print.countries import Country, Paper

Direction = Literal["unknown", "no clear benefit", "mixed", "may help"]
Format = Literal["pdf", "html", "text"]
Policy = Literal["mark", "approved"]
# What a change of a handout was: its advice, its wording, or its layout alone; the first version is none of these.
ChangeKind = Literal["first", "advice", "wording", "layout"]
Form = Literal["capsule", "liquid"]
TimeOfDay = Literal["morning", "noon", "evening", "bedtime"]
# How a handout is printed: ``standard`` is the sheet, ``guide`` the pages that tell more, ``large-print`` the
# sheet in large type, ``summary`` its first page alone, ``bilingual`` the sheet in two languages side by side.
# A ``packet`` holds several handouts: their shared sheet once (``inner``) and a page of each (``chapter``).
# A tool has one edition.
Edition = Literal["standard", "guide", "large-print", "summary", "bilingual", "packet", "tool", "inner", "chapter"]
# The handout for anyone: its sheet stands for what all handouts of a packet share.
GENERAL = "low-dose-naltrexone"
MOST_IN_PACKET = 6
# The tool of which one side is for emergency staff.
CARD = "card"
# The editions with words of their own: the others say what the sheet says.
HANDOUT_EDITIONS: tuple[Edition, ...] = ("standard", "guide")

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
    """A source by its key.

    ``status`` is V, V2 or M: only V may be cited as checked. ``people`` is how many were studied, 0 where that
    does not apply; ``seen`` says where the record was seen, ``recheck`` when somebody has to look again.
    """

    key: str
    citation: str
    year: int
    status: str
    design: str
    people: int
    dose: str
    outcome: str
    seen: str
    recheck: date


@dataclass(frozen=True)
class Change:
    """A version of a handout: on which day, what kind of change it was, and what changed, in a few words.

    ``words`` are the digests of its English words by edition, ``layout`` that of everything else on its pages;
    both are empty for a handout that was just started.
    """

    version: str
    day: date
    kind: ChangeKind
    what: str
    words: Mapping[str, str]
    layout: str


@dataclass(frozen=True)
class Publication:
    """What has a name, a version and dates of its own: a handout or a tool.

    ``authors`` are the ids or names of those who wrote it: they cannot approve it. ``changes`` are its versions,
    the last one last.
    """

    id: str
    title: str
    short_title: str
    owner: str
    authors: tuple[str, ...]
    review_by: date
    changes: tuple[Change, ...]

    @property
    def topic(self) -> str:
        """How staff call it: by its condition, or by the name of the tool."""
        name = self.short_title.removeprefix("LDN for ")
        return name[:1].upper() + name[1:]

    @property
    def version(self) -> str:
        """The last version."""
        return self.changes[-1].version

    @property
    def issued(self) -> date:
        """The day of the last version."""
        return self.changes[-1].day


@dataclass(frozen=True)
class Handout(Publication):
    """One condition's handout, as its content editor wrote it.

    ``codes`` are ICD-10-CM codes of the condition in the code set of ``code_year`` (a US fiscal year);
    ``unconfirmed_codes`` were not seen at a source: no request is answered by them. ``synonyms`` are other names
    that staff may type; they are printed nowhere.
    """

    evidence: Evidence
    references: tuple[Reference, ...]
    codes: tuple[str, ...]
    unconfirmed_codes: tuple[str, ...]
    code_year: int
    synonyms: tuple[str, ...]

    @property
    def reference_years(self) -> tuple[int, int]:
        """The first and the last year of the sources."""
        years = [reference.year for reference in self.references]
        return min(years), max(years)


@dataclass(frozen=True)
class Tool(Publication):
    """A page to fill in, such as a diary: it prints alone or behind a handout."""


@dataclass(frozen=True, order=True)
class Leaflet:
    """What is printed as one file: a handout in an edition and the tools behind it, or one tool alone."""

    name: str
    edition: Edition = "standard"
    tools: tuple[str, ...] = ()

    @classmethod
    def of_tool(cls, tool_id: str) -> Leaflet:
        """Return a tool that is printed alone."""
        return cls(tool_id, "tool", (tool_id,))

    @classmethod
    def of_packet(cls, handouts: tuple[str, ...], tools: tuple[str, ...]) -> Leaflet:
        """Return several handouts as one file."""
        return cls("+".join(handouts), "packet", tools)

    @property
    def handouts(self) -> tuple[str, ...]:
        """The handouts that it is made from."""
        return () if self.is_tool else tuple(self.name.split("+"))

    @property
    def is_tool(self) -> bool:
        """True for a tool that is printed alone."""
        return self.edition == "tool"

    @property
    def label(self) -> str:
        """How files and findings name edition and tools: ``guide+dose-plan+diary``."""
        return self.edition if self.is_tool else "+".join([self.edition, *self.tools])


@dataclass(frozen=True)
class Words:
    """Whose words a file shows: the leaflet, its edition and language, and the digest."""

    leaflet: str
    edition: str
    language: str
    digest: str

    @property
    def scope(self) -> tuple[str, str]:
        """Edition and language: what a record is about."""
        return self.edition, self.language

    @property
    def as_leaflet(self) -> Leaflet:
        """The leaflet whose words they are."""
        return Leaflet.of_tool(self.leaflet) if self.edition == "tool" else Leaflet(self.leaflet, self.edition)  # type: ignore[arg-type]


@dataclass(frozen=True)
class DoseStep:
    """A step of a dose plan: mg a day, capsules or mL for it, and for how many weeks."""

    dose: Decimal
    count: Decimal
    weeks: int


@dataclass(frozen=True)
class Week:
    """A row of the dose plan: the day it starts on, if known, mg a day, and capsules or mL for it."""

    start: date | None
    dose: Decimal
    count: Decimal


@dataclass(frozen=True)
class Schedule:
    """A dose plan with the prescriber's own numbers, already checked. ``strength`` is mg in a capsule or mL."""

    form: Form
    strength: Decimal
    time: TimeOfDay
    start: date | None
    steps: tuple[DoseStep, ...]

    @property
    def calendar(self) -> tuple[Week, ...]:
        """The plan week by week."""
        weeks = [step for step in self.steps for _ in range(step.weeks)]
        starts = [self.start + timedelta(weeks=number) if self.start else None for number in range(len(weeks))]
        return tuple(Week(start, step.dose, step.count) for start, step in zip(starts, weeks, strict=True))


@dataclass(frozen=True)
class DoseLimits:
    """What a clinic allows in a filled dose plan, in mg a day."""

    highest: Decimal
    largest_step: Decimal


@dataclass(frozen=True)
class Personal:
    """What staff fill in for one patient. It is kept in memory and on the page, nowhere else (design §2.6).

    Every field may be empty. ``note_language`` is the tag of the language that the note is written in.
    """

    name: str
    day: date | None
    prescriber: str
    note: str
    note_language: str
    schedule: Schedule | None

    @property
    def is_empty(self) -> bool:
        """True when nothing is to be put onto a page."""
        return not any((self.name, self.day, self.prescriber, self.note, self.schedule))


@dataclass(frozen=True)
class Slot:
    """A place on a page to write in: its number, counted from 0, and its box in mm from the upper left corner."""

    page: int
    x: float
    y: float
    width: float
    height: float


def picture_type(data: bytes) -> str:
    """Return the media type of a picture: SVG is text and starts with a tag, all others are PNG."""
    return "image/svg+xml" if data.lstrip()[:1] == b"<" else "image/png"


@dataclass(frozen=True)
class Logo:
    """A clinic's logo, already cleaned: the bytes that may be printed and their type."""

    data: bytes
    media_type: Literal["image/png", "image/svg+xml"]


@dataclass(frozen=True)
class Phrase:
    """A sentence of the clinic for notes to patients: its name, and its words by the tag of their language."""

    name: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Clinic:
    """Who hands the sheet out. Only the country is needed.

    ``approvals`` is the folder with the clinic's own ledgers; ``verify_url`` the start of the address where a
    sheet's code can be looked up.
    """

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
    limits: DoseLimits | None = None
    approvals: Path | None = None
    verify_url: str = ""
    phrases: tuple[Phrase, ...] = ()
