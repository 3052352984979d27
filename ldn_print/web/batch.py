"""Many at once: choose sheets and languages, watch them being made, take them home as one zip or as packets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from ldn_print.bundle import BundlePlan, count_files, plan_bundle
from ldn_print.languages import get_language
from ldn_print.sets import SavedSet, Selection, find_lacks
from ldn_print.web.batch_choice import (
    EDITION_NAMES,
    FORMAT_NAMES,
    PAPER_NAMES,
    Offer,
    first_choice,
    make_offer,
    read_selection,
    tick_all,
    to_query,
)
from ldn_print.web.batches import MOST_FILES, MOST_RUNNING, Batch, Batches, FullError
from ldn_print.web.desk import refusals, sheet_response
from ldn_print.web.forms import read_form
from ldn_print.web.pages import desk_of, forbidden, page
from ldn_print.web.saved import SavedSets, drop_set, keep_set, look_up_sets
from ldn_print.web.state import View

_MOST_FIELDS = 1000
_RELOAD_SECONDS = 3  # where no script shows how far it is
_NO_EDIT = "This desk may not write. Saved sets are changed in the file sets.toml beside the clinic's profile."


@dataclass(frozen=True)
class Sheet:
    """The form as it is shown: ``lacks`` are words by field, ``told`` what just happened."""

    view: View
    selection: Selection
    offer: Offer
    saved: SavedSets
    lacks: Mapping[str, str] = field(default_factory=dict)
    told: str = ""
    set_name: str = ""
    asks: bool = False

    def answer(self, request: Request, status: int = HTTPStatus.OK) -> Response:
        """Return the page with the form."""
        shown = {name: getattr(self, name) for name in ("selection", "offer", "saved", "told", "set_name", "asks")}
        choices = {"editions": EDITION_NAMES, "papers": PAPER_NAMES, "formats": FORMAT_NAMES}
        return page(
            request, "batch", status, lacks=self.lacks, most=MOST_FILES, to_query=to_query, **shown, **choices
        )


def _batches(request: Request) -> Batches:
    batches: Batches = request.app.state.batches
    return batches


def _look(request: Request, values: MultiDict | Mapping[str, str], do: str = "") -> Sheet:
    """Return the form for what an address or a form said."""
    desk = desk_of(request)
    saved = look_up_sets(desk.options)
    with desk.view() as view:
        clinic, press = view.settings.clinic, view.press
        found = saved.sets.find(values.get("set", "")) if values.get("set") else None
        if found and not found.findings:
            selection = found.selection
        elif "sheet" in values or "language" in values or "edition" in values:
            selection = tick_all(read_selection(values, press.library, clinic), press, do)
        else:
            selection = first_choice(clinic)
        name = found.name if found else " ".join(values.get("name", "").split())
        return Sheet(view, selection, make_offer(press), saved, set_name=name)


async def choose(request: Request) -> Response:
    """Answer with the form, filled in with what the address says or with a saved set."""
    shown = await run_in_threadpool(_look, request, request.query_params)
    if request.query_params.get("kept"):
        shown = replace(shown, told=f"“{shown.set_name}” is saved.")
    elif request.query_params.get("gone"):
        shown = replace(shown, told="The set is deleted.")
    elif request.query_params.get("set") and not shown.set_name:
        shown = replace(shown, lacks={"saved": "There is no saved set of this name any more."})
    return shown.answer(request)


async def take(request: Request) -> Response:
    """Take the form: start a batch, keep the choice under a name, or tick all of something."""
    fields = await read_form(request, _MOST_FIELDS)
    do = fields.get("do", "start")
    if do == "save":
        return await _keep(request, fields)
    shown = await run_in_threadpool(_look, request, fields, do)
    return shown.answer(request) if do != "start" else await _start(request, shown)


async def _start(request: Request, shown: Sheet) -> Response:
    view, selection = shown.view, shown.selection
    lacks = find_lacks(selection, view.press.library)
    count = count_files(selection)
    if count > MOST_FILES:
        lacks["sheets"] = f"These are {count} files; the desk makes {MOST_FILES} at a time. Tick fewer."
    if lacks:
        return replace(shown, lacks=lacks).answer(request, HTTPStatus.UNPROCESSABLE_ENTITY)

    planned = await desk_of(request).read(lambda now: plan_bundle(now.press, selection))
    batch = Batch(selection, to_query(selection), planned, view.settings, _names(shown, planned))
    try:
        _batches(request).start(batch, view)
    except FullError:
        words = f"{MOST_RUNNING} batches are being made already. Wait until one is ready, then start again."
        return replace(shown, lacks={"start": words}).answer(request, HTTPStatus.SERVICE_UNAVAILABLE)
    return RedirectResponse(_address(batch), HTTPStatus.SEE_OTHER)


def _address(batch: Batch) -> str:
    """Return where a batch is; the choice stands behind it, for the day when the batch is forgotten."""
    return f"/batch/{batch.id}?{batch.query}"


async def _keep(request: Request, fields: MultiDict) -> Response:
    options = desk_of(request).options
    if not options.can_edit:
        return forbidden(request, "Not possible here", _NO_EDIT)
    shown = await run_in_threadpool(_look, request, fields)
    saved = SavedSet(shown.set_name, shown.selection)
    digest = fields.get("digest", "")
    kept = await run_in_threadpool(keep_set, options, saved, digest, replaces="replace" in fields)
    if kept.problem:
        shown = replace(shown, lacks={"name": kept.problem}, asks=kept.asks)
        return shown.answer(request, HTTPStatus.CONFLICT)
    return RedirectResponse(f"/batch?{urlencode({'set': shown.set_name, 'kept': 1})}", HTTPStatus.SEE_OTHER)


async def delete(request: Request) -> Response:
    """Delete a saved set."""
    fields, options = await read_form(request), desk_of(request).options
    if not options.can_edit:
        return forbidden(request, "Not possible here", _NO_EDIT)
    problem = await run_in_threadpool(drop_set, options, fields.get("name", ""), fields.get("digest", ""))
    if problem:
        shown = await run_in_threadpool(_look, request, MultiDict())
        return replace(shown, lacks={"saved": problem}).answer(request, HTTPStatus.CONFLICT)
    return RedirectResponse("/batch?gone=1", HTTPStatus.SEE_OTHER)


async def progress(request: Request) -> Response:
    """Answer with how far a batch is, or with what became of it."""
    batch = _batches(request).get(request.path_params["id"])
    if batch is None:
        query = request.url.query
        return page(request, "batch_gone", HTTPStatus.NOT_FOUND, query=query if "sheet=" in query else "")
    reload = 0 if batch.is_over or "still" in request.query_params else _RELOAD_SECONDS
    names = {tag: get_language(tag) for tag in batch.selection.languages}
    refused = [(result.job, refusals(result)) for result in batch.refused]
    return page(
        request,
        "batch_progress",
        batch=batch,
        reload=reload,
        names=names,
        refused=refused,
        left=time_left(batch),
    )


def _names(shown: Sheet, plan: BundlePlan) -> dict[str, str]:
    """Return how staff call each leaflet, by its name."""
    known = {row.value: row.name for row in (*shown.offer.handouts, *shown.offer.tools)}
    leaflets = {*(job.leaflet for job in plan.jobs), *(row.leaflet for row in plan.left_out)}
    return {row.name: ", ".join(known[name] for name in row.handouts or (row.name,)) for row in leaflets}


def time_left(batch: Batch) -> str:
    """Return in words how long a batch will take."""
    seconds = batch.seconds_left
    if batch.state == "packing":
        return "Putting the files together."
    if seconds is None:
        return "" if batch.is_over else "Working out how long it will take."
    if seconds < 50:  # to the next ten
        return f"About {max(10, round(seconds / 10) * 10)} seconds left."
    minutes = max(1, round(seconds / 60))
    return f"About {minutes} {'minute' if minutes == 1 else 'minutes'} left."


async def events(request: Request) -> Response:
    """Answer with news of a batch as they come (server-sent events)."""
    batches = _batches(request)
    batch = batches.get(request.path_params["id"])
    if batch is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)

    async def stream() -> AsyncIterator[str]:
        async for now in batches.listen(batch):
            news = {"done": now.done, "total": now.total, "refused": len(now.refused), "left": time_left(now)}
            yield f"data: {json.dumps({**news, 'over': now.is_over})}\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


async def cancel(request: Request) -> Response:
    """End a batch at once."""
    await read_form(request)
    batch = _batches(request).get(request.path_params["id"])
    if batch is None:
        return RedirectResponse("/batch", HTTPStatus.SEE_OTHER)
    _batches(request).cancel(batch)
    return RedirectResponse(_address(batch), HTTPStatus.SEE_OTHER)


def _ready(request: Request) -> Batch:
    batch = _batches(request).get(request.path_params["id"])
    if batch is None or not batch.zip:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return batch


async def whole(request: Request) -> Response:
    """Answer with everything as one zip."""
    batch = _ready(request)
    name = f"ldn-handouts-{batch.settings.today.isoformat()}.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(batch.zip, headers=headers, media_type="application/zip")


async def one_file(request: Request) -> Response:
    """Answer with one file of a batch."""
    batch, path = _ready(request), request.path_params["path"]
    if path not in batch.files:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return sheet_response(await run_in_threadpool(batch.file, path), batch.files[path])


ROUTES: Sequence[Route] = (
    Route("/batch", choose, methods=["GET"]),
    Route("/batch", take, methods=["POST"]),
    Route("/batch/delete", delete, methods=["POST"]),
    Route("/batch/{id}.zip", whole),
    Route("/batch/{id}", progress),
    Route("/batch/{id}/events", events),
    Route("/batch/{id}/cancel", cancel, methods=["POST"]),
    Route("/batch/{id}/file/{path:path}", one_file),
)
