"""What a build is made of: jobs, what goes for all of them, and what became of each. Plain values.

They cross the border between processes, and are looked up before anything heavy is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ldn_print.countries import Paper
from ldn_print.errors import Diagnostic, LdnPrintError
from ldn_print.models import Clinic, Format, Leaflet, Personal, Schedule, Words
from ldn_print.project import Library

if TYPE_CHECKING:
    from ldn_print.approval import State

_ENDINGS: dict[Format, str] = {"html": "html", "text": "txt"}


@dataclass(frozen=True)
class Settings:
    """What is the same for every job of a build; ``today`` is what dates of review are compared with."""

    library: Library
    clinic: Clinic
    cache_folder: Path
    draft: bool = False
    schedule: Schedule | None = None
    personal: Personal | None = None
    today: date = field(default_factory=date.today)


@dataclass(frozen=True, order=True)
class Job:
    """One file to make."""

    leaflet: Leaflet
    language: str
    paper: Paper
    format: Format = "pdf"

    @property
    def place(self) -> str:
        """How findings name the job."""
        edition = "" if self.leaflet.label in ("standard", "tool") else f" ({self.leaflet.label})"
        target = f"on {self.paper}" if self.format == "pdf" else f"as {self.format}"
        return f"{self.leaflet.name}{edition} in {self.language} {target}"

    @property
    def file_name(self) -> str:
        """The name of its file: ``fibromyalgia.guide.letter.pdf``, ``fibromyalgia.guide.html``."""
        stem = f"{self.leaflet.name}.{self.leaflet.label}"
        return f"{stem}.{self.paper}.pdf" if self.format == "pdf" else f"{stem}.{_ENDINGS[self.format]}"


@dataclass(frozen=True)
class JobResult:
    """What became of a job.

    ``data`` is empty when it failed; ``spare_mm`` as in `pdf.PdfResult`; ``state`` is that of its words,
    ``signed`` the seals of the records that count for them; ``version`` is that of the handout.
    """

    job: Job
    data: bytes = b""
    findings: tuple[Diagnostic, ...] = ()
    error: LdnPrintError | None = None
    pages: int = 0
    fingerprint: str = ""
    spare_mm: tuple[float, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)
    state: State = "draft"
    signed: tuple[str, ...] = ()
    words: tuple[Words, ...] = ()
    version: str = ""

    @property
    def good(self) -> bool:
        """True when the file may be written."""
        return bool(self.data)
