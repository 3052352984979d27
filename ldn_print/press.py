"""Makes one file of a build: the work of a single process, from a job to bytes.

A `Press` keeps what many jobs share (templates, catalogs, references). It can be made again in another
process from its `Settings`, which is all that crosses the border.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ldn_print.content import load_handout, load_references
from ldn_print.countries import Paper
from ldn_print.errors import Diagnostic, LdnPrintError
from ldn_print.extract import Extractor
from ldn_print.languages import Language, get_language
from ldn_print.localize import Catalogs, Completeness, Translation, clinic_language, complete
from ldn_print.models import Clinic, Edition, Handout, Reference
from ldn_print.project import Library
from ldn_print.render import PLAN_ROWS, Renderer


@dataclass(frozen=True)
class Settings:
    """What is the same for every job of a build."""

    library: Library
    clinic: Clinic
    cache_folder: Path
    draft: bool = False


@dataclass(frozen=True, order=True)
class Job:
    """One file to make."""

    handout_id: str
    language: str
    paper: Paper
    edition: Edition = "standard"

    @property
    def place(self) -> str:
        """How findings name the job."""
        return f"{self.handout_id} in {self.language} on {self.paper}"


@dataclass(frozen=True)
class JobResult:
    """What became of a job. ``data`` is empty when it failed; ``spare_mm`` as in `pdf.PdfResult`."""

    job: Job
    data: bytes = b""
    findings: tuple[Diagnostic, ...] = ()
    error: LdnPrintError | None = None
    pages: int = 0
    fingerprint: str = ""
    spare_mm: tuple[float, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """True when the file may be written."""
        return bool(self.data)


class Press:
    """Makes files from jobs, in one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._handouts: dict[str, Handout] = {}
        self._completeness: dict[tuple[str, str], Completeness] = {}

    @cached_property
    def catalogs(self) -> Catalogs:
        """The library's catalogs, each read once."""
        return Catalogs(self.settings.library)

    @cached_property
    def extractor(self) -> Extractor:
        """The library's messages, each template read once."""
        return Extractor(self.settings.library)

    @cached_property
    def references(self) -> dict[str, Reference]:
        """The library's sources."""
        return load_references(self.settings.library)

    def handout(self, handout_id: str) -> Handout:
        """Return a handout.

        Raises:
            ContentError: it is not known or cannot be read.
        """
        if handout_id not in self._handouts:
            self._handouts[handout_id] = load_handout(self.settings.library, handout_id, self.references)
        return self._handouts[handout_id]

    def completeness(self, handout_id: str, language: Language) -> Completeness:
        """Return what a handout lacks in a language.

        Raises:
            LdnPrintError: a template, a handout or the catalog cannot be read.
        """
        key = handout_id, language.tag
        if key not in self._completeness:
            messages = self.extractor.handout(handout_id)
            self._completeness[key] = complete(handout_id, messages, language, self.catalogs)
        return self._completeness[key]

    def make(self, job: Job) -> JobResult:
        """Return a job's file, or why there is none; never raises for a fault of the sources."""
        try:
            with _without_collecting():
                return self._make(job)
        except LdnPrintError as problem:
            return JobResult(job, error=problem)

    def _make(self, job: Job) -> JobResult:
        from ldn_print.pdf import make_draft, make_pdf

        language = get_language(job.language)
        completeness = self.completeness(job.handout_id, language)
        if completeness.findings and not self.settings.draft:
            return JobResult(job, findings=completeness.findings)
        make = make_draft if self.settings.draft else make_pdf
        for plan_rows in PLAN_ROWS:
            page = self._renderer.render(
                self.handout(job.handout_id),
                completeness.translation(),
                self.settings.clinic,
                job.paper,
                self._staff(job.handout_id),
                plan_rows=plan_rows,
            )
            made = make(page, job.place, self.settings.cache_folder)
            if made.fits:
                break
        return JobResult(
            job,
            data=made.data,
            findings=made.findings,
            pages=made.pages,
            fingerprint=page.fingerprint,
            spare_mm=made.spare_mm,
            lines=made.lines,
        )

    @cached_property
    def _renderer(self) -> Renderer:
        return Renderer(self.settings.library)

    def _staff(self, handout_id: str) -> Translation:
        """Return the messages in the clinic's language, or in English where that is not complete."""
        language = clinic_language(self.settings.clinic.language, self.catalogs)
        completeness = self.completeness(handout_id, language)
        if not completeness.complete:
            completeness = self.completeness(handout_id, get_language("en"))
        return completeness.translation()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let the garbage collector rest while a page is made.

    A page makes a hundred thousand objects that all live until it is written; looking through them again
    and again takes a quarter of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
