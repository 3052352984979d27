"""The clinic's own page: its profile as a form, with the letterhead beside it as it would print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ldn_print.clinic import default_clinic
from ldn_print.clinic_file import Fields, check_text, find_differences, read_fields, save_profile
from ldn_print.errors import ChangedError, LdnPrintError
from ldn_print.files import Seen, read_seen
from ldn_print.jobs import Job, Settings
from ldn_print.languages import get_language
from ldn_print.models import Clinic, Leaflet
from ldn_print.watch import stamp_of
from ldn_print.web.clinic_form import LABELS, Look, Typed, check_typed, read_typed, to_messages
from ldn_print.web.clinic_view import Form, Preview
from ldn_print.web.desk import refusals
from ldn_print.web.pages import desk_of, forbidden, page
from ldn_print.web.workers import make_look


def _closed(request: Request) -> Response | None:
    """Return the answer where nothing can be written: no profile was named, or the desk may not write."""
    options = desk_of(request).options
    if options.clinic_file is not None and options.can_edit:
        return None
    try:
        clinic, problem = desk_of(request).read_clinic(), ""
    except LdnPrintError as found:
        clinic, problem = default_clinic(), str(found)
    return page(request, "clinic_closed", clinic=clinic, problem=problem, path=options.clinic_file)


def _read(path: Path) -> tuple[Seen, Fields]:
    """Return the profile as it stands on the disk.

    Raises:
        ProjectError: it cannot be read, or is no TOML.
    """
    seen = read_seen(path)
    return seen, read_fields(seen.text, path.name)


def _broken(request: Request, path: Path, problem: LdnPrintError) -> Response:
    """Return the page of a profile that no form can show: what is wrong, and the text."""
    try:
        lines = read_seen(path).text.splitlines()
    except LdnPrintError:
        lines = []
    return page(request, "clinic_broken", HTTPStatus.CONFLICT, problem=str(problem), lines=lines, path=path)


async def show(request: Request) -> Response:
    """Answer with the form, filled in with the profile as it stands in its file."""
    path, closed = desk_of(request).options.clinic_file, _closed(request)
    if closed or path is None:
        return closed or Response(status_code=HTTPStatus.NOT_FOUND)
    try:
        seen, fields = await run_in_threadpool(_read, path)
    except LdnPrintError as problem:
        return _broken(request, path, problem)
    form = Form(
        fields,
        seen.digest,
        Look(),
        told="Saved. Every page shows it now." if "saved" in request.query_params else "",
    )
    if seen.text:
        checked = check_text(seen.text, path)
        messages = to_messages(checked.findings, fields)
        preview = Preview(problems=tuple(_all(messages))) if messages else None
        form = replace(form, messages=messages, logo=checked.clinic.logo, preview=preview)
    return form.answer(request)


def _all(messages: Mapping[str, Sequence[str]]) -> list[str]:
    return [words for rows in messages.values() for words in rows]


@dataclass(frozen=True)
class _Sent:
    """What was typed, the form that shows it again, the file as it is, what would be saved and what it means."""

    path: Path
    typed: Typed
    form: Form
    seen: Seen
    fields: Fields
    clinic: Clinic


async def _receive(request: Request) -> _Sent | Response:
    """Return the form that was sent, or the answer where it cannot be taken."""
    options = desk_of(request).options
    path = options.clinic_file
    if path is None or not options.can_edit:
        words = "This desk may not write the clinic's profile. The page “Clinic” says how it is changed."
        return forbidden(request, "Not possible here", words)
    try:
        return await _read_sent(request, path)
    except LdnPrintError as problem:
        return _broken(request, path, problem)


async def _read_sent(request: Request, path: Path) -> _Sent:
    seen, now = await run_in_threadpool(_read, path)
    typed = await read_typed(request, now)
    fields, checked = await run_in_threadpool(check_typed, typed, seen, path)
    messages = to_messages(checked.findings, fields)
    form = Form(
        fields=typed.fields,
        digest=typed.digest,
        look=typed.look,
        messages=messages,
        logo=checked.clinic.logo,
        kept_logo=typed.kept_logo,
        removes_logo=typed.removes_logo,
    )
    return _Sent(path, typed, form, seen, fields, checked.clinic)


async def save(request: Request) -> Response:
    """Write the profile, unless something is wrong or somebody else has written it meanwhile."""
    sent = await _receive(request)
    if isinstance(sent, Response):
        return sent
    path, form = sent.path, sent.form
    if sent.typed.digest != sent.seen.digest:
        return await _conflict(request, sent)
    if form.messages:
        form = replace(form, preview=Preview(problems=tuple(_all(form.messages))))
        return form.answer(request, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        await run_in_threadpool(save_profile, path, sent.seen, sent.fields, sent.typed.logo)
    except ChangedError:
        return await _conflict(request, sent)
    desk_of(request).look_again()
    return RedirectResponse("/clinic?saved=1", HTTPStatus.SEE_OTHER)


async def _conflict(request: Request, sent: _Sent) -> Response:
    """Return the form as it was typed, with what somebody else has written meanwhile."""
    try:
        seen, now = await run_in_threadpool(_read, sent.path)
    except LdnPrintError as problem:
        return _broken(request, sent.path, problem)
    names = find_differences(replace(sent.typed.fields, logo=now.logo), now)
    changed = {name: _shown(now, name) for name in names if name in LABELS}
    form = replace(sent.form, digest=seen.digest, changed=changed, preview=Preview())
    return form.answer(request, HTTPStatus.CONFLICT)


def _shown(fields: Fields, name: str) -> str:
    if name == "phrases":
        return ", ".join(row.name for row in fields.phrases)
    value: str = getattr(fields, name)
    return value.replace("\n", ", ")


async def preview(request: Request) -> Response:
    """Answer with the form as it was typed and the letterhead that it makes; nothing is written."""
    sent = await _receive(request)
    if isinstance(sent, Response):
        return sent
    shown = Preview(problems=tuple(_all(sent.form.messages)))
    if not sent.form.messages:
        shown = await _draw(request, sent.clinic, sent.form.look)
    return replace(sent.form, preview=shown).answer(request)


async def picture(request: Request) -> Response:
    """Answer with the first page of a sheet with the profile as it is saved, as PNG."""
    desk = desk_of(request)
    clinic = await run_in_threadpool(desk.read_clinic)
    drawn = await _draw(request, clinic, Look())
    if not drawn.picture:
        return Response("\n".join(drawn.problems), HTTPStatus.CONFLICT, media_type="text/plain")
    return Response(drawn.picture, media_type="image/png")


async def _draw(request: Request, clinic: Clinic, look: Look) -> Preview:
    """Return the first page of a sheet for a profile that is not saved.

    Raises:
        BusyError, TooSlowError: as `Workers.run`.
    """
    desk = desk_of(request)

    def read() -> tuple[Settings, str, Job]:
        options = desk.options
        sheet, language = options.library.require_handout(look.sheet), get_language(look.language)
        job = Job(Leaflet(sheet), language.tag, clinic.paper)
        try:
            with desk.view() as view:
                return view.settings, view.stamp, job
        except LdnPrintError:  # the saved profile is broken, and that must not hide a better one
            settings = Settings(options.library, default_clinic(), options.cache_folder)
            return settings, stamp_of(options.library), job

    settings, stamp, job = await run_in_threadpool(read)
    made, data = await desk.workers.run(make_look, settings, stamp, clinic, job)
    return Preview(data, refusals(made))


ROUTES: Sequence[Route] = (
    Route("/clinic", show, methods=["GET"]),
    Route("/clinic", save, methods=["POST"]),
    Route("/clinic/preview", preview, methods=["POST"]),
    Route("/clinic/letterhead.png", picture, methods=["GET"]),
)
