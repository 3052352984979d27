"""The first page: find a sheet, see it, print it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ldn_print.errors import LdnPrintError
from ldn_print.finder import Found
from ldn_print.jobs import Job, JobResult
from ldn_print.languages import Language, all_languages, get_language
from ldn_print.models import Clinic, Format, Handout, Leaflet, Publication
from ldn_print.press import Press
from ldn_print.web.choice import EDITIONS, PAPERS, Choice, job_of, leaflet_of, read_choice
from ldn_print.web.guard import LEAFLET_POLICY
from ldn_print.web.pages import desk_of, page
from ldn_print.web.state import View
from ldn_print.web.workers import make_chooser

_SHOWN = 8  # hits that are listed; without words all are
_TYPES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8", "text": "text/plain; charset=utf-8"}
_ENDINGS: dict[Format, str] = {"pdf": "pdf", "html": "html", "text": "txt"}
_FORMATS = {ending: form for form, ending in _ENDINGS.items()}


@dataclass(frozen=True)
class Row:
    """A line of the list: ``own`` is the title in the language to print in, ``state`` as in `pages.BADGES`."""

    found: Found
    name: str
    own: str
    state: str
    query: str


@dataclass(frozen=True)
class Option:
    """A language that can be chosen; ``is_ready`` when the sheet is complete in it."""

    language: Language
    is_ready: bool
    note: str


@dataclass(frozen=True)
class Desktop:
    """Everything that the first page shows."""

    choice: Choice
    clinic: Clinic
    rows: tuple[Row, ...]
    more: int
    options: tuple[Option, ...]
    tools: tuple[tuple[str, str], ...]
    leaflet: Leaflet | None = None
    publication: Publication | None = None
    state: str = ""
    lacking: tuple[str, ...] = ()
    missing: int = 0

    @property
    def language(self) -> Language:
        """The language to print in."""
        return get_language(self.choice.language)

    @property
    def waiting(self) -> tuple[Option, ...]:
        """The languages in which it cannot be printed."""
        return tuple(option for option in self.options if not option.is_ready)

    @property
    def is_handout(self) -> bool:
        """True when a handout was chosen, which has editions and takes tools behind it."""
        return isinstance(self.publication, Handout)

    @property
    def can_print(self) -> bool:
        """True when nothing that is known before it is made stands in the way."""
        return self.state not in ("", "incomplete", "not started", "withdrawn")


def look_up(view: View, values: object) -> Desktop:
    """Return what a request asked to see.

    Raises:
        LdnPrintError: what it names is not known, or a source cannot be read.
    """
    press = view.press
    choice = read_choice(values, press.library, view.settings.clinic)
    found = view.finder.find(choice.typed)
    if not choice.sheet and choice.typed and found:
        best = found[0]
        choice = replace(choice, sheet=best.leaflet.name, language=best.language or choice.language)
    shown = found[:_SHOWN] if choice.typed else found
    rows = tuple(_row(press, hit, choice) for hit in shown)
    publication = leaflet = None
    state, lacking, missing = "", tuple[str, ...](), 0
    if choice.sheet:
        leaflet = leaflet_of(choice, press.library)
        publication = press.publication(leaflet)
        state, lacking, missing = _state(press, leaflet, choice)
    return Desktop(
        choice=choice,
        clinic=view.settings.clinic,
        rows=rows,
        more=len(found) - len(shown),
        options=tuple(_options(press, leaflet)),
        tools=tuple((tool, press.tool(tool).short_title) for tool in press.library.tool_ids()),
        leaflet=leaflet,
        publication=publication,
        state=state,
        lacking=lacking,
        missing=missing,
    )


def _row(press: Press, hit: Found, choice: Choice) -> Row:
    tag = hit.language or choice.language
    language = get_language(tag)
    own = ""
    if not language.is_source and language in press.catalogs.available():
        words = press.completeness(hit.leaflet, language)
        if words.complete:
            own = words.translation().plain("title", hit.publication.short_title)
    state, _, _ = _state(press, hit.leaflet, replace(choice, language=tag, tools=(), edition="standard"))
    return Row(hit, hit.publication.topic, own, state, choice.find_query(hit.leaflet.name, hit.language))


def _state(press: Press, leaflet: Leaflet, choice: Choice) -> tuple[str, tuple[str, ...], int]:
    """Return the state of what would be printed, what it lacks for approval, and how many messages are missing."""
    language = get_language(choice.language)
    if language not in press.catalogs.available():
        return "not started", (), 0
    completeness = press.completeness(leaflet, language)
    if not completeness.complete:
        return "incomplete", (), len(completeness.holes)
    standing = press.standing(Job(leaflet, language.tag, choice.paper))
    return standing.state, standing.lacking, 0


def _options(press: Press, leaflet: Leaflet | None) -> list[Option]:
    """Return every language of the registry, those that can be printed first."""
    available, ready, waiting = press.catalogs.available(), [], []
    for language in all_languages().values():
        if language not in available:
            waiting.append(Option(language, False, "not translated"))
        elif leaflet and not press.completeness(leaflet, language).complete:
            waiting.append(Option(language, False, "this sheet is not complete"))
        else:
            ready.append(Option(language, True, ""))
    return [*ready, *waiting]


async def first_page(request: Request) -> Response:
    """Answer with the first page: the list, and the sheet when one was chosen or fits the words best."""
    view, desktop = await desk_of(request).read(lambda view: (view, look_up(view, request.query_params)))
    if request.headers.get("x-part") == "results":
        return Shown(desktop).answer(request)
    return (await show(request, view, desktop)).answer(request)


@dataclass(frozen=True)
class Shown:
    """The first page as it is answered: ``made`` is the sheet, the rest what was filled in for a patient."""

    desktop: Desktop
    made: JobResult | None = None
    form: object = None
    copy: tuple[bytes, ...] = ()
    problems: tuple[str, ...] = ()

    def answer(self, request: Request, status: int = 200) -> Response:
        """Return the page."""
        return page(
            request,
            "desk",
            status,
            desktop=self.desktop,
            choice=self.desktop.choice,
            made=self.made,
            editions=EDITIONS,
            papers=PAPERS,
            refused=refusals(self.made) if self.made else (),
            form=self.form,
            copy=self.copy,
            problems=self.problems,
        )


async def show(request: Request, view: View, desktop: Desktop) -> Shown:
    """Return the first page with the sheet that was chosen, where it can be printed.

    Raises:
        BusyError, TooSlowError: as `state.Desk.make`.
    """
    if not desktop.can_print:
        return Shown(desktop)
    return Shown(desktop, await desk_of(request).make(view, job_of(desktop.choice, view.press.library)))


def refusals(made: JobResult) -> tuple[str, ...]:
    """Return in words why a sheet was not made; empty when it was."""
    if made.good:
        return ()
    return (str(made.error),) if made.error else tuple(str(finding) for finding in made.findings)


async def _made(request: Request, form: Format) -> tuple[JobResult, Job]:
    def read(view: View) -> tuple[View, Job]:
        choice = read_choice(request.query_params, view.press.library, view.settings.clinic)
        if not choice.sheet:
            raise LdnPrintError("no sheet was named")
        return view, job_of(choice, view.press.library, form)

    desk = desk_of(request)
    view, job = await desk.read(read)
    return await desk.make(view, job), job


async def sheet_file(request: Request) -> Response:
    """Answer with a sheet as PDF, as a page for screens, or as plain text."""
    form = _FORMATS.get(request.path_params["ending"])
    if form is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    made, job = await _made(request, form)
    if not made.good:
        return page(request, "refused", 409, title="This sheet cannot be printed", problems=refusals(made))
    return sheet_response(made.data, job, is_download="download" in request.query_params)


def sheet_response(data: bytes, job: Job, *, is_download: bool = False) -> Response:
    """Return a sheet as an answer; browsers offer to save it under a name without anything of a patient."""
    kind = "attachment" if is_download else "inline"
    name = f"{job.leaflet.name}.{job.leaflet.label}.{job.language}.{_ENDINGS[job.format]}".replace("+", "_")
    if job.format == "pdf":
        return pdf_response(data, name, kind)
    headers = {"content-disposition": f'{kind}; filename="{name}"', "content-security-policy": LEAFLET_POLICY}
    return Response(data, headers=headers, media_type=_TYPES[job.format])


async def sheet_picture(request: Request) -> Response:
    """Answer with one page of a sheet as PNG."""
    number: int = request.path_params["number"]
    made, _ = await _made(request, "pdf")
    pictures = await desk_of(request).pictures(made.data) if made.good else ()
    if number >= len(pictures):
        return Response("There is no such page.", 404, media_type="text/plain")
    return Response(pictures[number], media_type="image/png")


async def chooser(request: Request) -> Response:
    """Answer with the page on which a reader points at their language."""
    desk = desk_of(request)
    paper = request.query_params.get("paper", "")
    view = await desk.read(lambda view: view)
    chosen = paper if paper in PAPERS else view.settings.clinic.paper
    data, findings = await desk.workers.run(make_chooser, view.settings, chosen, view.stamp)
    if not data:
        problems = tuple(map(str, findings))
        return page(request, "refused", 409, title="This page cannot be printed", problems=problems)
    return pdf_response(data, f"chooser.{chosen}.pdf")


def pdf_response(data: bytes, name: str, kind: str = "inline") -> Response:
    """Return a PDF as an answer."""
    # Chromium shows a PDF with a part of its own, which a policy for pages would shut out.
    headers = {
        "content-disposition": f'{kind}; filename="{name}"',
        "content-security-policy": "frame-ancestors 'self'",
    }
    return Response(data, headers=headers, media_type="application/pdf")


async def favicon(_request: Request) -> Response:
    """Answer with the mark of the desk."""
    return RedirectResponse("/static/mark.svg")


ROUTES: Sequence[Route] = (
    Route("/", first_page),
    Route("/sheet.{ending}", sheet_file),
    Route("/page-{number:int}.png", sheet_picture),
    Route("/chooser.pdf", chooser),
    Route("/favicon.ico", favicon),
)
