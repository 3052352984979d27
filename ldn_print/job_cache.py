"""Whole jobs that were done: looked up by the files they rest on, without reading a template.

A job is the same when our code, the engine, fonts, the clinic, the day and every file that the job can read are
the same. What is not in that list may not be read while a job is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from ldn_print.engine.identity import engine_identity
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.languages import SOURCE_TAG, Language, get_language
from ldn_print.locales import clinic_language
from ldn_print.manifest import clinic_digest
from ldn_print.models import CARD, GENERAL, Words
from ldn_print.shelf import FOLDER, Shelf, digest_of_file, digest_of_parts

_TEXT_SUFFIXES = (".html", ".toml", ".css", ".svg", ".png")


class JobCache:
    """The results of jobs for one clinic and one library; no drafts, no filled plans, no patients' copies.

    Args:
        settings: what is the same for every job.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._library = settings.library
        self._shelf = Shelf(settings.cache_folder / FOLDER / "jobs")
        self._digests: dict[Path, str] = {}

    @property
    def is_used(self) -> bool:
        """True when results may be kept at all."""
        settings = self._settings
        return not settings.draft and settings.personal is None and settings.schedule is None

    def get(self, job: Job) -> JobResult | None:
        """Return the result of a job that was done before; None where it has to be done."""
        found = self._shelf.get(self._key(job)) if self.is_used else None
        return _from_head(job, *found) if found else None

    def put(self, result: JobResult) -> None:
        """Keep a good result."""
        if self.is_used and result.good:
            self._shelf.put(self._key(result.job), _to_head(result), result.data)

    def _key(self, job: Job) -> str:
        files = "".join(f"{path.name} {self._digest(path)}\n" for path in self._files(job))
        return digest_of_parts(self._shared, repr(job), files)

    @cached_property
    def _shared(self) -> str:
        """What goes for every job: code, fonts, clinic, day, templates."""
        settings, clinic = self._settings, self._settings.clinic
        mine = (
            clinic_digest(clinic),
            clinic.policy,
            clinic.limits,
            clinic.country,
            settings.today,
        )
        library = self._library
        templates = sorted(path for path in library.templates.rglob("*") if path.suffix in _TEXT_SUFFIXES)
        shared = (library.references, library.languages, library.source_terms, library.handouts / "reviewers.toml")
        own = (clinic.approvals / "reviewers.toml",) if clinic.approvals else ()
        rows = (f"{path.name} {self._digest(path)}" for path in (*templates, *shared, *own))
        return digest_of_parts(engine_identity(), repr(mine), *rows)

    def _files(self, job: Job) -> Iterator[Path]:
        """Yield the files that a job can read beside those of every job."""
        names = {GENERAL, *job.leaflet.handouts} if job.leaflet.edition == "packet" else set(job.leaflet.handouts)
        for name in sorted(names | {*job.leaflet.tools, CARD}):
            folder = self._library.ledger(name)
            yield from (folder / file for file in ("handout.toml", "handout.html", "approvals.toml"))
            if self._settings.clinic.approvals:
                yield self._settings.clinic.approvals / name / "approvals.toml"
        for language in self._languages(job):
            yield self._library.catalog(language.locale)
            yield self._library.terms(language.locale)

    def _languages(self, job: Job) -> Iterator[Language]:
        clinic = self._settings.clinic
        tags = (job.language, clinic.language, clinic.country.language)
        yield from (get_language(SOURCE_TAG), get_language(job.language))
        yield from (clinic_language(tag, self._library) for tag in tags[1:])

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            self._digests[path] = digest_of_file(path)
        return self._digests[path]


def _to_head(result: JobResult) -> dict[str, Any]:
    kept = ("pages", "fingerprint", "spare_mm", "lines", "state", "signed", "version")
    return {**{name: getattr(result, name) for name in kept}, "words": [asdict(row) for row in result.words]}


def _from_head(job: Job, head: dict[str, Any], data: bytes) -> JobResult:
    words = tuple(Words(**row) for row in head.pop("words"))
    spare, signed = tuple(head.pop("spare_mm")), tuple(head.pop("signed"))
    return JobResult(job, data=data, words=words, spare_mm=spare, signed=signed, **head)
