"""Makes one file of a build: the work of a single process, from a job to bytes.

A `Press` keeps what many jobs share (templates, catalogs, references). It can be made again in another
process from its `Settings`, which is all that crosses the border.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup

from ldn_print.approval import NOT_SIGNED, Standing
from ldn_print.approvals import Approvals, words_of
from ldn_print.chooser import least_checked, render_chooser
from ldn_print.countries import Paper
from ldn_print.environment import CHOOSER_SENTENCE, CHOOSER_TEMPLATE, STATE_TEMPLATE
from ldn_print.errors import Diagnostic, LdnPrintError, Severity
from ldn_print.extract import packet_parts
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.languages import SOURCE_TAG, Language, get_language
from ldn_print.locales import clinic_language, find_language
from ldn_print.localize import Translation, complete
from ldn_print.messages import shorten
from ldn_print.models import (
    CARD,
    GENERAL,
    Clinic,
    Leaflet,
    Personal,
    Schedule,
)
from ldn_print.page import Order, RenderedPage, Staff
from ldn_print.page_cache import PageCache
from ldn_print.personal import find_missing_slots
from ldn_print.plain_text import to_plain_text
from ldn_print.sources import Sources
from ldn_print.specimens import all_specimens
from ldn_print.web_page import to_web_page

if TYPE_CHECKING:
    from ldn_print.pdf import PdfResult

_CARD_LEAFLET = Leaflet.of_tool(CARD)
_MOST_PAGES = 32  # rendered pages that are kept in memory, of some 60 KB each


class Press(Sources):
    """Makes files from jobs, in one process."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.library, settings.cache_folder)
        self.settings = settings
        self._pages: dict[tuple[Job, Standing, bool], RenderedPage] = {}

    def languages(self, leaflet: Leaflet) -> tuple[Language, ...]:
        """Return the languages a leaflet can be made in: beside the clinic's own there stands another one."""
        available = self.catalogs.available()
        if leaflet.edition != "bilingual":
            return available
        return tuple(language for language in available if language != self._staff(leaflet).desk.language)

    def for_patient(self, personal: Personal, schedule: Schedule | None) -> Press:
        """Return a press that fills in one patient's data, and shares with this one what it has read."""
        press = copy(self)
        press.settings = replace(self.settings, personal=personal, schedule=schedule)
        return press

    def for_look(self, clinic: Clinic) -> Press:
        """Return a press that shows pages for another clinic as they are; nothing that it makes is kept."""
        press = copy(self)
        press.settings = replace(self.settings, clinic=clinic, draft=True)
        press.__dict__.pop("approvals", None)
        press._pages = {}
        return press

    def make(self, job: Job) -> JobResult:
        """Return a job's file, or why there is none; never raises for a fault of the sources."""
        try:
            with _without_collecting():
                return self._make(job)
        except LdnPrintError as problem:
            return JobResult(job, error=problem)

    def _make(self, job: Job) -> JobResult:
        completeness = self.completeness(job.leaflet, get_language(job.language))
        if not completeness.complete and not self.settings.draft:
            return JobResult(job, findings=completeness.errors)
        refused = self._check_languages(job) or (() if self.settings.draft else self._check_card(job))
        refused = refused or tuple(self._check_approval(job))
        if refused:
            return JobResult(job, findings=refused)
        make = self._make_twin if job.format != "pdf" else self._make_sheet
        made = make(job, completeness.translation())
        if self.settings.draft:
            return made
        words = tuple(self.wording(*words).key for words in self.words(job))
        version = self.publication(job.leaflet).version
        standing = self.standing(job)
        signed = tuple(record.seal for record in standing.counted)
        return replace(made, state=standing.state, signed=signed, words=words, version=version)

    def _make_sheet(self, job: Job, translation: Translation) -> JobResult:
        page, made = self._make_to_fit(job, translation)
        personal = self.settings.personal
        if made.data and personal and not personal.is_empty:
            made = self._stamp(job, made, personal, page.characters)
        return JobResult(
            job,
            data=made.data,
            findings=(*made.findings, *self._find_longer(job, made)),
            pages=made.pages,
            fingerprint=page.fingerprint,
            spare_mm=made.spare_mm,
            lines=made.lines,
        )

    @cached_property
    def approvals(self) -> Approvals:
        """What people have signed, in the library and in the clinic."""
        return Approvals(self, self.settings.clinic.approvals, self.settings.today)

    def words(self, job: Job) -> tuple[tuple[Leaflet, Language], ...]:
        """Return whose words a file shows, and in which languages."""
        staff = self._staff(job.leaflet)
        return words_of(job.leaflet, get_language(job.language), staff.desk.language, staff.emergency.language)

    def standing(self, job: Job) -> Standing:
        """Return the state of the words that a file shows; a draft with holes has none.

        Raises:
            LdnPrintError: a ledger cannot be trusted, or the sources cannot be read.
        """
        words = self.words(job)
        if self.settings.draft and not all(self.completeness(*row).complete for row in words):
            return NOT_SIGNED
        return self.approvals.of_page(words)

    def _check_approval(self, job: Job) -> Iterator[Diagnostic]:
        """Yield why a file must not be printed: its words were withdrawn, or the clinic wants them approved."""
        standing, place = self.standing(job), f"{job.leaflet.name} in {job.language}"
        if standing.state == "withdrawn":
            hint = "Change the words. 'ldn-print approvals' shows who withdrew them, and why."
            yield Diagnostic("A-withdrawn", place, "these words were withdrawn: they are never printed", hint)
        elif self.settings.clinic.policy == "approved" and not self.settings.draft and not standing.is_approved:
            lacking = "; ".join(standing.lacking) or "the date to review them has passed"
            fact = f"these words are not approved ({standing.state}), and the clinic's policy is 'approved'"
            hint = "'ldn-print approve' signs; with policy = \"mark\" it prints, and every page says what it is."
            yield Diagnostic("A-unapproved", place, f"{fact}\n  Lacking: {lacking}.", hint)

    def _find_longer(self, job: Job, made: PdfResult) -> Iterator[Diagnostic]:
        """Yield which messages of a page that is too long take more lines than they take in English."""
        from ldn_print.pdf import measure_messages

        if made.fits or job.language == SOURCE_TAG:
            return
        english = measure_messages(self.english(job.leaflet, job.paper), self.settings.cache_folder)
        texts = {message.key.id: message.key for message in self.extractor.messages(job.leaflet)}
        catalog = self.catalogs.get(get_language(job.language))
        more = {name: count - english[name][0] for name, count in made.lines.items() if name in english}
        longer = sorted((name for name in texts if more.get(name, 0) > 0), key=lambda name: -more[name])
        for name in longer:
            entry = catalog.entries.get(texts[name]) if catalog else None
            target = entry.strings[0] if entry else ""
            here, there = made.lines[name], english[name][0]
            fact = f"{shorten(texts[name].text)!r} takes {here} lines, {there} in English"
            fact += f"\n  Here:    {shorten(target)}"
            letters = round(len(target) * (here - there) / here)
            place = catalog.place(entry) if catalog and entry else job.place
            yield Diagnostic("P-lines", place, fact, f"Up to {letters} letters too many on {job.paper}.")

    def _stamp(self, job: Job, made: PdfResult, personal: Personal, characters: str) -> PdfResult:
        """Return a finished sheet with what staff filled in for one patient."""
        from ldn_print.pdf import stamp_personal

        words = complete(self.extractor.personal, get_language(job.language), self.catalogs)
        missing = [*words.errors, *find_missing_slots(personal, made.slots, job.place)]
        if missing:
            return replace(made, data=b"", findings=tuple(missing))
        order = self._order(job.leaflet, job.paper)
        page = self.renderer.personal(order, words.translation(), personal, made.slots)
        page = replace(page, characters=characters)  # the sheet's own: nothing that was typed gets into the cache
        return stamp_personal(made, page, job.place, self.settings.cache_folder)

    def english(self, leaflet: Leaflet, paper: Paper = "letter") -> RenderedPage:
        """Return a leaflet's English page, not laid out: what checks of its form read, what others compare with.

        Raises:
            LdnPrintError: a template or a handout cannot be read.
        """
        words = self.completeness(leaflet, get_language(SOURCE_TAG)).translation()
        return self.renderer.render(self._order(leaflet, paper), words, Staff(words, words))

    def draft(self, leaflet: Leaflet, language: Language, paper: Paper) -> PdfResult:
        """Return a leaflet in a language as far as it is, with where each message stands.

        Raises:
            LdnPrintError: a template or the catalog cannot be read.
        """
        from ldn_print.pdf import make_draft

        words = self.completeness(leaflet, language).translation()
        page = self.renderer.render(self._order(leaflet, paper), words, self._staff(leaflet))
        with _without_collecting():
            return make_draft(page, f"{leaflet.name} in {language.tag}", self.settings.cache_folder)

    def forget_catalogs(self) -> None:
        """Read catalogs and term bases again when they are next needed: somebody saved one."""
        self.__dict__.pop("catalogs", None)
        self._completeness.clear()
        self._wordings.clear()
        self.approvals.forget()
        self.forget_pages()

    def forget_pages(self) -> None:
        """Render each page again when it is next needed."""
        self._pages.clear()

    def specimen(self, paper: Paper) -> PdfResult:
        """Return the page that shows every component in every complete language, and every script.

        Raises:
            LdnPrintError: a template or a catalog cannot be read.
        """
        from ldn_print.pdf import make_pdf

        leaflet = Leaflet(GENERAL)
        found = (self.completeness(leaflet, language) for language in self.catalogs.available())
        words = [row.translation() for row in found if row.complete]
        order = replace(self._order(leaflet, paper), publication=replace(self.publication(leaflet), id="specimen"))
        page = self.renderer.specimen(order, words, all_specimens())
        return make_pdf(page, f"specimen on {paper}", self.settings.cache_folder)

    def chooser(self, paper: Paper) -> PdfResult:
        """Return the page on which a reader points at their language: every one that something can be printed in.

        A language that lacks the sentence stands there by its name alone, which a warning tells.

        Raises:
            LdnPrintError: a template, a handout or a catalog cannot be read.
        """
        from ldn_print.pdf import PdfResult, make_pdf

        place, languages = f"chooser on {paper}", self.catalogs.available()
        leaflets = {row: leaflet for row in languages if (leaflet := self._first_printed(row, paper))}
        if not leaflets:
            hint = "'ldn-print list' shows what each language lacks, and what is approved."
            return PdfResult(b"", (Diagnostic("T-none", place, "no language can be printed", hint),), 0, ())
        found = {language: self.page_words(language, CHOOSER_SENTENCE) for language in leaflets}
        words = {language: row.translation() for language, row in found.items() if row.complete}
        sentences = {
            language: self.renderer.page(CHOOSER_SENTENCE, words[language]) if language in words else Markup()
            for language in leaflets
        }
        order, desk = self._order(next(iter(leaflets.values())), paper), self._desk_words()
        mark = self.renderer.state(desk, least_checked([desk, *words.values()]), NOT_SIGNED)
        page = render_chooser(self.renderer, order, desk, sentences, mark)
        made = make_pdf(page, place, self.settings.cache_folder)
        missing = (error for row in found.values() for error in row.errors)
        told = (replace(finding, severity=Severity.WARNING) for finding in missing)
        return replace(made, findings=(*made.findings, *told))

    def _desk_words(self) -> Translation:
        """Return the messages of a page for the front desk in the clinic's language, or in English."""
        tags = (clinic_language(self.settings.clinic.language, self.library), get_language(SOURCE_TAG))
        found = [self.page_words(language, CHOOSER_TEMPLATE, STATE_TEMPLATE) for language in tags]
        return next(row for row in found if row.complete).translation()

    def _first_printed(self, language: Language, paper: Paper) -> Leaflet | None:
        """Return the first handout that can be printed in a language; None where there is none."""
        leaflets = map(Leaflet, self.library.handout_ids())
        return next((row for row in leaflets if self._can_print(Job(row, language.tag, paper))), None)

    def _can_print(self, job: Job) -> bool:
        complete = self.completeness(job.leaflet, get_language(job.language)).complete
        return complete and not any(self._check_approval(job))

    def _make_twin(self, job: Job, translation: Translation) -> JobResult:
        """Return a leaflet for a screen or as plain text: the same blocks, without paper."""
        order = replace(self._order(job.leaflet, job.paper), is_web=True, standing=self.standing(job))
        page = self.renderer.render(order, translation, self._staff(job.leaflet))
        text = to_web_page(page) if job.format == "html" else to_plain_text(page)
        return JobResult(job, data=text.encode(), fingerprint=page.fingerprint)

    def _make_to_fit(self, job: Job, translation: Translation) -> tuple[RenderedPage, PdfResult]:
        """Return the page and its file; pages that do not come out even get one more, to write on."""
        from ldn_print.pdf import make_draft, make_pdf

        order = replace(self._order(job.leaflet, job.paper), standing=self.standing(job))
        staff = self._staff(job.leaflet)
        folder, pages = self.settings.cache_folder, PageCache(self.settings.cache_folder)

        def attempt(order: Order) -> tuple[RenderedPage, PdfResult]:
            page = self._render(job, order, translation, staff)
            if self.settings.draft:
                return page, make_draft(page, job.place, folder)
            if order.schedule:  # somebody's doses and days: never kept
                return page, make_pdf(page, job.place, folder)
            return page, pages.make(page, lambda: make_pdf(page, job.place, folder))

        page, made = attempt(order)
        if page.even and made.fits and made.pages % 2:
            return attempt(replace(order, with_notes=True))
        return page, made

    def _render(self, job: Job, order: Order, translation: Translation, staff: Staff) -> RenderedPage:
        """Return a page: the one made before for another patient, if nothing of a patient stands on it."""
        if order.schedule:
            return self.renderer.render(order, translation, staff)
        key = job, order.standing, order.with_notes
        if key not in self._pages:
            if len(self._pages) >= _MOST_PAGES:
                del self._pages[next(iter(self._pages))]
            self._pages[key] = self.renderer.render(order, translation, staff)
        return self._pages[key]

    def _check_card(self, job: Job) -> tuple[Diagnostic, ...]:
        """Return why a wallet card cannot be printed: emergency staff have to be able to read it."""
        if CARD not in job.leaflet.tools:
            return ()
        country = self.settings.clinic.country
        language = find_language(country.language, self.library)
        if language is not None and self.completeness(_CARD_LEAFLET, language).complete:
            return ()
        return (
            Diagnostic(
                "T-card",
                job.place,
                f"the card's first side has to be in the language of emergency staff in {country.name}, "
                f"{country.language!r}, and the card is not complete in it",
                "Complete that language, or print without the card.",
            ),
        )

    def _check_languages(self, job: Job) -> tuple[Diagnostic, ...]:
        """Return why a page in two languages cannot be printed: there is only one."""
        if job.leaflet.edition != "bilingual" or job.language != self._staff(job.leaflet).desk.language.tag:
            return ()
        return (
            Diagnostic(
                "T-bilingual",
                job.place,
                "the reader's language and the clinic's are the same: there is nothing to put beside it",
                'Name another language, or set the clinic\'s with language = "es-US" in clinic.toml.',
            ),
        )

    def _order(self, leaflet: Leaflet, paper: Paper) -> Order:
        settings = self.settings
        return Order(
            leaflet=leaflet,
            publication=self.publication(leaflet),
            tools=tuple(map(self.tool, leaflet.tools)),
            clinic=settings.clinic,
            paper=paper,
            schedule=settings.schedule,
            chapters=tuple((part, self.publication(part)) for part in packet_parts(leaflet)),
        )

    def _staff(self, leaflet: Leaflet) -> Staff:
        """Return the messages in the clinic's language, or in English where that is not complete."""
        desk = self.completeness(leaflet, clinic_language(self.settings.clinic.language, self.library))
        if not desk.complete:
            desk = self.completeness(leaflet, get_language(SOURCE_TAG))
        emergency = clinic_language(self.settings.clinic.country.language, self.library)
        return Staff(desk.translation(), self.completeness(leaflet, emergency).translation())


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
