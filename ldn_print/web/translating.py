"""The translators' part of the desk: how far each language is, and a leaflet's messages beside its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ldn_print.catalog import Entry
from ldn_print.context import describe_message
from ldn_print.errors import ContentError
from ldn_print.extract import library_leaflets
from ldn_print.languages import Language
from ldn_print.models import Leaflet
from ldn_print.one_message import ConflictError, Edit, mark_of, save_message
from ldn_print.status import LanguageStatus
from ldn_print.styles import PAPER_MM
from ldn_print.web.bench import bench_of
from ldn_print.web.forms import read_form
from ldn_print.web.leaflets import NAMES, read_language, read_leaflet, workbench_address
from ldn_print.web.pages import desk_of, forbidden, page
from ldn_print.web.state import View
from ldn_print.workbench import Item, Workbench

# What has to be done about a message: its colour, a sign that needs no colour, words.
NEEDS = {
    "missing": ("bad", "?", "not translated"),
    "stale": ("bad", "↻", "English changed"),
    "unsure": ("bad", "~", "not sure"),
    "faulty": ("bad", "!", "refused"),
    "warned": ("doubt", "i", "look at it"),
    "good": ("good", "✓", "good"),
}
# The same signs as they are drawn onto a page, around a middle, in mm.
_SIGNS = {
    "missing": "M-.9 0h1.8",
    "stale": "M-.9.5L0-.8L.9.5",
    "unsure": "M-1.1.2q.55-1 1.1 0t1.1 0",
    "faulty": "M0-1.2V.3M0 1v.2",
    "warned": "M0-1.2v.2M0-.3V1.2",
}
_SHOWN_FORMS = 6  # of a term; some languages have dozens
_SHOWS = {"all": "All", "open": "To do", "found": "With findings", "safety": "Safety"}


@dataclass(frozen=True)
class _Asked:
    """What an address of a workbench means."""

    view: View
    leaflet: Leaflet
    language: Language
    name: str


async def board(request: Request) -> Response:
    """Answer with how far each language and each of its leaflets is."""

    def read(view: View) -> tuple[View, dict[Leaflet, str], str]:
        names = {row: view.press.publication(row).topic for row in library_leaflets(view.press.library)}
        tag = request.query_params.get("language", "")
        return view, names, read_language(view.press, tag).tag if tag else ""

    view, names, tag = await desk_of(request).read(read)
    every = await bench_of(request).status(view)
    chosen = _chosen(every, tag)
    return page(
        request,
        "translate",
        every=every,
        chosen=chosen,
        names=names,
        editions=NAMES,
        address=workbench_address,
        only_open="open" in request.query_params,
    )


def _chosen(every: tuple[LanguageStatus, ...], tag: str) -> LanguageStatus | None:
    """Return the language whose leaflets are listed: the one that was asked for, or the one with most to do."""
    asked = next((row for row in every if row.language.tag == tag), None)
    return asked or max(every, key=lambda row: row.whole.words_left, default=None)


async def workbench(request: Request) -> Response:
    """Answer with a leaflet and its messages; the one that was chosen has a form."""
    asked = await _read(request)
    bench = await bench_of(request).workbench(asked.view, asked.leaflet, asked.language)
    return _show(request, asked, bench)


async def _read(request: Request) -> _Asked:
    """Return what an address means.

    Raises:
        LdnPrintError: it names nothing.
    """
    parts, query = request.path_params, request.query_params

    def read(view: View) -> _Asked:
        language = read_language(view.press, parts["tag"])
        leaflet = read_leaflet(view.press, parts["name"], query.get("edition", ""))
        return _Asked(view, leaflet, language, view.press.publication(leaflet).topic)

    return await desk_of(request).read(read)


def _show(
    request: Request,
    asked: _Asked,
    bench: Workbench,
    *,
    written: Edit | None = None,
    now: Entry | None = None,
) -> Response:
    """Return the page of a leaflet; ``written`` is what somebody wrote while another one saved ``now``."""
    query = request.query_params
    item = bench.find(query.get("message", ""))
    show = query.get("show", "all") if query.get("show", "all") in _SHOWS else "all"
    return page(
        request,
        "workbench",
        HTTPStatus.CONFLICT if now else HTTPStatus.OK,
        bench=bench,
        leaflet=asked.leaflet,
        language=asked.language,
        called=asked.name,
        items=[row for row in bench.items if row is item or _is_shown(row, show)],
        counts={key: sum(_is_shown(row, key) for row in bench.items) for key in _SHOWS},
        item=item,
        next_open=bench.next_open(item) if item else None,
        saved=bench.find(query.get("saved", "")),
        show=show,
        shows=_SHOWS,
        needs=NEEDS,
        signs=_SIGNS,
        shown_forms=_SHOWN_FORMS,
        editions=NAMES,
        size=PAPER_MM[bench.booklet.paper],
        address=workbench_address,
        written=written,
        now=now,
        now_mark=mark_of(now) if now else "",
    )


def _is_shown(item: Item, show: str) -> bool:
    tests = {"open": item.is_open, "found": bool(item.findings), "safety": item.message.is_safety}
    return tests.get(show, True)


async def save(request: Request) -> Response:
    """Save one translation, and answer with the page as it is then, at that message or the next one to do."""
    desk, bench = desk_of(request), bench_of(request)
    if not desk.options.can_edit:
        words = "This desk is for reading: translations are not changed here."
        return forbidden(request, "Read only", words)
    fields = await read_form(request)
    asked = await _read(request)
    view, leaflet, language = asked.view, asked.leaflet, asked.language
    before = await bench.workbench(view, leaflet, language)
    item = before.find(fields.get("message", ""))
    if item is None or language.is_source:
        raise ContentError(
            "this message is not in this leaflet any more\n  Load the page again: its English changed."
        )
    notes = fields.get("notes", "").replace("\r\n", "\n").split("\n")
    strings = tuple(text.replace("\r\n", "\n") for text in fields.getlist("text"))
    edit = Edit(strings, "unsure" in fields, tuple(notes))
    handouts = len(view.press.library.handout_ids())
    message = describe_message(item.message, await bench.places(view), handouts)
    path = view.press.library.catalog(language.locale)
    try:
        await run_in_threadpool(save_message, path, language, message, edit, fields.get("mark", ""))
    except ConflictError as conflict:
        desk.look_again()
        asked = await _read(request)
        return _show(
            request, asked, await bench.workbench(asked.view, leaflet, language), written=edit, now=conflict.now
        )
    desk.look_again()
    return await _after(request, item.id, goes_on="next" in fields)


async def _after(request: Request, saved: str, *, goes_on: bool) -> Response:
    """Return where somebody goes who has saved: on to the next message, unless the one saved is not good yet."""
    asked = await _read(request)
    bench = await bench_of(request).workbench(asked.view, asked.leaflet, asked.language)
    item = bench.find(saved)
    following = bench.next_open(item) if item and goes_on and not item.is_open else None
    at = following.id if following else saved
    show = request.query_params.get("show", "")
    address = workbench_address(asked.leaflet, asked.language, at, saved=saved, show=show)
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


ROUTES: Sequence[Route] = (
    Route("/translate", board),
    Route("/translate/{tag}/{name}", workbench),
    Route("/translate/{tag}/{name}", save, methods=["POST"]),
)
