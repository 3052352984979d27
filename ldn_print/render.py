"""Templates and values become one HTML page in one language, with its style sheet.

What a template may see is the dataclass `PageContext`, and nothing else. Every block of text carries the
id of its message in ``data-message``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from jinja2 import TemplateError, TemplateNotFound, TemplateRuntimeError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from ldn_print.approval import Standing
from ldn_print.bilingual import pair_pages
from ldn_print.catalog import DRAFT_STATUS
from ldn_print.codes import make_code
from ldn_print.environment import (
    BILINGUAL_TEMPLATE,
    PERSONAL_TEMPLATE,
    SPECIMEN_TEMPLATE,
    STATE_TEMPLATE,
    make_environment,
)
from ldn_print.errors import RenderError
from ldn_print.extract import leaflet_template, template_error
from ldn_print.languages import Language, day_signs, get_language
from ldn_print.localize import END, MIDDLE, START, Translation
from ldn_print.models import CARD, DIRECTIONS, LEVELS, Edition, Handout, Personal, Slot
from ldn_print.page import Entry, Margins, Mark, Order, PageContext, RenderedPage, Staff
from ldn_print.personal import note_lines, plan_rows
from ldn_print.project import Library
from ldn_print.specimens import Specimen
from ldn_print.square_code import draw_square_code
from ldn_print.styles import Styles, margins_of, page_numbers
from ldn_print.values import Values, blank, free_text, unit

# Pages that each side of the sheet may take; two languages side by side have one side.
_FACE_PAGES: dict[Edition, int] = {"large-print": 6, "bilingual": 4}
# Tools come in this order behind a handout (templates/sections/tools.html).
TOOL_ORDER = ("dose-plan", "visit", "opioids", "diary", CARD)
CARD_SIDE = "sections/card-side.html"
COMPONENTS = "sections/components.html"
_FINGERPRINT_SLOT = "\ue003"
# What a page gets from the clinic, its country and the day: no part of what somebody signs.
_NOT_WORDS = (
    *("identity", "issued", "review_by", "emergency", "poison", "crisis"),
    *("clinic_phone", "after_hours", "regulator", "report"),
)
_PICTURE = re.compile(r'<img\b[^>]*\balt="([^"]*)"[^>]*>')
_REQUIRED_BLOCK = re.compile("Required block '(\\w+)' not found")
_LIFT = re.compile(rf"(<[a-z0-9]+)((?:\s[^<>]*)?)>\s*{START}([^{MIDDLE}]*){MIDDLE}([^{END}]*){END}")
_LOOSE = re.compile(rf"{START}([^{MIDDLE}]*){MIDDLE}([^{END}]*){END}")
_TAG = re.compile(r"<[^<>]*>")
_HOLE = re.compile(r"(?<=>)\[(m-[0-9a-f]{8})\](?=<)")


class Renderer:
    """Renders leaflets of one library; templates are compiled once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._styles = Styles(library)
        self._environment: ImmutableSandboxedEnvironment = make_environment(library)

    def render(self, order: Order, translation: Translation, staff: Staff) -> RenderedPage:
        """Return a leaflet as a page.

        Args:
            order: what is printed, for whom, on which paper.
            translation: its messages in the reader's language.
            staff: the same messages for those who work in the country of care.

        Raises:
            RenderError: a template cannot be read, has an error or uses an undefined name.
        """
        context = replace(
            self._context(order, translation),
            marks=self._marks(order, translation, staff.desk),
            card=self._card(order, translation.language, staff.emergency),
            same_language=staff.emergency.language == translation.language,
        )
        if order.leaflet.edition == "packet":
            context = replace(context, contents=_contents(order, context), chapters=self._chapters(order, context))
        html = self._html(order, context, staff.desk)
        css = self._styles.css(order, translation.language, staff.desk.language) + page_numbers(context.contents)
        page = self._finish(order, translation.language, html, css)
        return replace(
            page,
            characters=_characters(translation, context),
            even=order.leaflet.edition not in ("tool", "summary"),
            others=(staff.desk.language, staff.emergency.language),
        )

    def _finish(self, order: Order, language: Language, html: str, css: str) -> RenderedPage:
        """Return a page that carries its fingerprint, with its pictures and margins."""
        fingerprint = make_code(f"{html}\0{css}")
        assets = self._styles.assets(order.clinic)
        if order.clinic.verify_url:
            assets = {**assets, "qr": draw_square_code(order.clinic.verify_url + fingerprint.replace("-", ""))}
        return RenderedPage(
            html=html.replace(_FINGERPRINT_SLOT, fingerprint),
            css=css,
            assets=assets,
            language=language,
            paper=order.paper,
            fingerprint=fingerprint,
            characters="",
            margins=margins_of(order.leaflet, language),
        )

    def bare_words(self, order: Order, words: Translation) -> str:
        """Return a leaflet as HTML with its words alone: data of clinic, country and day are names in braces.

        Raises:
            RenderError: a template cannot be read, has an error or uses an undefined name.
        """
        names: dict[str, Any] = {name: Markup("{{{}}}").format(name) for name in _NOT_WORDS}
        context = replace(self._context(order, words), **names)
        context = replace(context, card=self._card_side(context) if CARD in order.leaflet.tools else Markup())
        html = _lift_ids(self._run(leaflet_template(order.leaflet), context))
        return _PICTURE.sub(r'<p class="alt">\1</p>', html)

    def style_sheet(self, order: Order, language: Language) -> str:
        """Return the style sheet of a leaflet in one language.

        Raises:
            RenderError: a style sheet cannot be read.
        """
        return self._styles.css(order, language, language)

    def specimen(
        self, order: Order, all_words: Sequence[Translation], samples: Sequence[Specimen]
    ) -> RenderedPage:
        """Return a page that shows every component in every language there is, and sentences in every script.

        Raises:
            RenderError: a template cannot be read.
        """
        english = self._context(order, all_words[0])
        shown = tuple((words.language, self._sample(order, words)) for words in all_words)
        variables = {
            "shown": shown,
            "samples": samples,
            "icons": self._styles.icons,
            "figures": self._styles.figures,
        }
        html = _lift_ids(self._run(SPECIMEN_TEMPLATE, english, **variables))
        languages = [*(words.language for words in all_words), *(sample.language for sample in samples)]
        css = self._styles.css(order, english.language, english.language) + self._styles.own_css(
            "specimen", languages
        )
        return replace(self._finish(order, english.language, html, css), even=False, others=tuple(languages))

    def in_languages(
        self, name: str, order: Order, words: Translation, others: Sequence[Language], **values: object
    ) -> RenderedPage:
        """Return a page for paper that is no leaflet, with parts in other languages, each in its own type.

        Args:
            name: its template; the style sheet has the same name.
            order: for whom, on which paper.
            words: its messages.
            others: the languages of its parts.
            values: what the template sees beside the sheet's code.

        Raises:
            RenderError: a template or a style sheet cannot be read.
        """
        html = str(self.page(f"{name}.html", words, code=_FINGERPRINT_SLOT, **values))
        css = self._styles.css(order, words.language, words.language) + self._styles.own_css(name, others)
        return replace(self._finish(order, words.language, html, css), even=False, others=tuple(others))

    def personal(
        self, order: Order, translation: Translation, personal: Personal, slots: Mapping[str, Slot]
    ) -> RenderedPage:
        """Return what is stamped onto a sheet for one patient: a section for each piece.

        Args:
            order: the sheet.
            translation: the messages of `Extractor.personal` in the reader's language.
            personal: what staff filled in; the sheet has a place for each of its fields.
            slots: the places to write in on the finished sheet.

        Raises:
            RenderError: the template cannot be read.
        """
        note_slot, pitch = note_lines([slots[name] for name in slots if name.startswith("note-")])
        note_language = get_language(personal.note_language)
        extra = {
            "personal": personal,
            "weeks": plan_rows(personal),
            "slots": slots,
            "note_slot": note_slot,
            "pitch": pitch,
            "note_language": note_language,
        }
        html = _strip_ids(self._run(PERSONAL_TEMPLATE, self._context(order, translation), **extra))
        return RenderedPage(
            html=html,
            css="",
            assets={},
            language=translation.language,
            paper=order.paper,
            fingerprint="",
            characters="",
            margins=Margins(0, 0, 0),
            others=(note_language,),
        )

    def _sample(self, order: Order, words: Translation) -> Markup:
        """Return the components of a sheet in one language."""
        return Markup(_strip_ids(self._run(COMPONENTS, self._context(order, words))))  # noqa: S704  # a template's output

    def _html(self, order: Order, context: PageContext, desk: Translation) -> str:
        """Return the page; in two languages it is made from its own text in each of them."""
        name = leaflet_template(order.leaflet)
        html = _lift_ids(self._run(name, context))
        if order.leaflet.edition != "bilingual":
            return html
        other = _lift_ids(self._run(name, self._context(order, desk)))
        parts = pair_pages(html, other)
        return _lift_ids(self._run(BILINGUAL_TEMPLATE, replace(context, beside=desk.language, parts=parts)))

    def _chapters(self, order: Order, context: PageContext) -> tuple[Markup, ...]:
        """Return the parts of a packet: the shared sheet, then a page of each handout."""
        made = []
        for leaflet, publication in order.chapters:
            own = self._context(replace(order, leaflet=leaflet, publication=publication), context.page)
            made.append(Markup(self._run(leaflet_template(leaflet), own)))  # noqa: S704  # a template's output
        return tuple(made)

    def _marks(self, order: Order, translation: Translation, desk: Translation) -> tuple[Mark, ...]:
        """Return what the leaflet says of its state: in its own language and in the clinic's."""
        both = {words.language.tag: words for words in (desk, translation)}
        return tuple(
            Mark(
                words.language, self.state(words, translation, order.standing), is_good=order.standing.is_approved
            )
            for words in sorted(both.values(), key=lambda words: words.language != translation.language)
        )

    def state(self, words: Translation, about: Translation, standing: Standing) -> Markup:
        """Return what a page says, in the language of some words, of the state of others.

        Raises:
            RenderError: the template cannot be read.
        """
        day, catalog = standing.approved_on, about.catalog
        return self.page(
            STATE_TEMPLATE,
            words,
            state=standing.state,
            is_translation=not about.language.is_source,
            is_machine=catalog is not None and catalog.status == DRAFT_STATUS,
            approved=words.language.format_month(day) if day else "",
            # The date of review is for the reader: standards 5.2 ask for it in the page's language.
            past_review=standing.past_review and words.language == about.language,
        )

    def page(self, name: str, words: Translation, **values: object) -> Markup:
        """Return what is no leaflet: a template that sees its messages, their language and some values.

        Raises:
            RenderError: the template cannot be read, has an error or uses an undefined name.
        """
        text = _strip_ids(self._fill(name, {"page": words, "language": words.language, **values}))
        return Markup(text.strip())  # noqa: S704  # a template's output

    def _card(self, order: Order, reader: Language, emergency: Translation) -> Markup:
        """Return the side of the wallet card that emergency staff read, in the language of the country."""
        if CARD not in order.leaflet.tools:
            return Markup()
        return self._card_side(replace(self._context(order, emergency), reader=reader))

    def _card_side(self, context: PageContext) -> Markup:
        return Markup(_strip_ids(self._run(CARD_SIDE, context)))  # noqa: S704  # a template's output

    def _run(self, name: str, context: PageContext, **extra: object) -> str:
        return self._fill(name, {row.name: getattr(context, row.name) for row in fields(context)} | extra)

    def _fill(self, name: str, variables: Mapping[str, object]) -> str:
        try:
            return self._environment.get_template(name).render(variables)
        except TemplateSyntaxError as problem:
            raise template_error(problem) from problem
        except TemplateNotFound as problem:
            raise RenderError(f"{name}: the template {problem.name} is not there") from problem
        except UndefinedError as problem:
            raise RenderError(
                f"{_place(problem, name)}: {problem.message}\n"
                "  Only names of the page (README, Templates) can be used here; check the spelling."
            ) from problem
        except TemplateRuntimeError as problem:
            missing = _REQUIRED_BLOCK.search(str(problem))
            if missing is None:
                raise RenderError(f"{_place(problem, name)}: {problem}") from problem
            raise RenderError(
                f"{self._library.root / name}: the part {missing[1]!r} is missing\n"
                f"  Every handout says it for its condition: {{% block {missing[1]} %}} … {{% endblock %}}."
            ) from problem
        except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError) as problem:
            raise RenderError(f"{_place(problem, name)}: {problem}") from problem

    @staticmethod
    def _context(order: Order, translation: Translation) -> PageContext:
        values, language, publication = Values(order.clinic), translation.language, order.publication
        return PageContext(
            page=translation,
            handout=publication,
            edition=order.leaflet.edition,
            tools=order.leaflet.tools,
            tool_titles={tool.id: translation.message("title", tool.title, "", {}) for tool in order.tools},
            tool_level=1 if order.leaflet.is_tool else 2,
            is_web=order.is_web,
            language=language,
            clinic=order.clinic,
            title=translation.plain("title", publication.title),
            short_title=translation.plain("title", publication.short_title),
            heading=translation.message("title", publication.title, "", {}),
            issued=language.format_month(publication.issued),
            review_by=language.format_month(publication.review_by),
            source_years=publication.reference_years if isinstance(publication, Handout) else (0, 0),
            guide_pages=language.guide_pages,
            face_pages=_FACE_PAGES.get(order.leaflet.edition, 1),
            with_notes=order.with_notes,
            schedule=order.schedule,
            card=Markup(),
            same_language=False,
            beside=language,
            parts=(),
            section_level=3 if order.leaflet.edition == "chapter" else 2,
            contents=(),
            chapters=(),
            reader=language,
            levels=LEVELS,
            directions=DIRECTIONS,
            marks=(),
            identity=Markup('<bdi dir="ltr">{} {} · {}</bdi>').format(
                publication.id, publication.version, _FINGERPRINT_SLOT
            ),
            code=Markup("{}").format(_FINGERPRINT_SLOT),
            emergency=values.emergency,
            poison=values.poison,
            crisis=values.crisis,
            clinic_phone=values.clinic_phone,
            after_hours=values.after_hours,
            regulator=values.regulator,
            report=values.report,
            dose=values.dose,
            volume=values.volume,
            unit=unit,
            blank=blank,
            number=values.number,
            free_text=free_text,
        )


def _contents(order: Order, context: PageContext) -> tuple[Entry, ...]:
    """Return what a packet holds: its handouts and tools in the order of their pages."""
    handouts = [
        Entry("face-1" if number == 0 else leaflet.name, context.page.message("title", row.short_title, "", {}))
        for number, (leaflet, row) in enumerate(order.chapters)
    ]
    tools = [Entry(f"tool-{tool}", context.tool_titles[tool]) for tool in TOOL_ORDER if tool in context.tools]
    return (*handouts, *tools)


def _characters(translation: Translation, context: PageContext) -> str:
    """Return the signs of a language's messages and of the texts that the registry adds, sorted."""
    language = translation.language
    days = day_signs(language) if language.script.cut else ""
    added = "".join([language.label, context.issued, context.review_by, days])
    return "".join(sorted({*translation.characters, *added}))


def _lift_ids(html: str) -> str:
    """Return the page with each message's id as ``data-message`` of the block that starts with it."""
    html = _TAG.sub(lambda match: _strip_ids(match[0]), html)
    html = _LIFT.sub(r'\1\2 data-message="\3">\4', html)
    html = _LOOSE.sub(r'<span data-message="\1">\2</span>', html)
    return _HOLE.sub(r'<span class="hole">[\1]</span>', html)


def _strip_ids(html: str) -> str:
    return _LOOSE.sub(r"\2", html)


def _place(problem: BaseException, name: str) -> str:
    """Return the line of the template that was running when the problem came up."""
    place, trace = name, problem.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".html"):
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
