"""Puts the desk together: addresses, what happens when something goes wrong, start and end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ldn_print.errors import LdnPrintError
from ldn_print.faults import write_fault
from ldn_print.overview import make_overview
from ldn_print.web import api, batch, clinic, entrance, patient, reviewing, signatures, translating
from ldn_print.web import desk as desk_pages
from ldn_print.web.access import Access, is_open_path
from ldn_print.web.batches import Batches
from ldn_print.web.guard import Guard, Refused
from ldn_print.web.pages import STATIC, page
from ldn_print.web.state import Desk, Options, View
from ldn_print.web.workers import RETRY_SECONDS, BusyError, TooSlowError, warm

_WORDS = (*translating.ROUTES, *reviewing.ROUTES, *signatures.ROUTES)
# What only those see who may enter.
_CLOSED = (*desk_pages.ROUTES, *patient.ROUTES, *api.ROUTES, *batch.ROUTES, *clinic.ROUTES, *_WORDS)


def make_app(options: Options) -> Starlette:
    """Return the desk, ready to be served."""
    access = Access(options.access_code, options.trusted_header, options.api_keys)
    app = Starlette(
        routes=[
            *map(_closed, _CLOSED),
            *entrance.ROUTES,
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Guard, hosts=options.hosts, access=access)],
        exception_handlers={
            LdnPrintError: _show_problem,
            BusyError: _show_busy,
            TooSlowError: _show_slow,
            HTTPException: _show_status,
        },
        lifespan=_lifespan,
    )
    app.state.access = access
    app.state.options = options
    return app


def _closed(route: Route) -> Route:
    """Return a route that only those see who may enter."""
    inner = route.endpoint

    async def endpoint(request: Request) -> Response:
        if not request.state.who.may_enter and not is_open_path(request.url.path):
            return _ask_who(request)
        try:
            answer: Response = await inner(request)
        except api.ApiError as problem:
            return problem.answer
        except (LdnPrintError, BusyError, TooSlowError, HTTPException, Refused):
            raise
        except Exception:  # noqa: BLE001  # the last line of defence: nothing that was typed gets into a log
            return _show_fault(request)
        return answer

    return Route(route.path, endpoint, methods=list(route.methods or ()))


def _ask_who(request: Request) -> Response:
    if request.url.path.startswith("/api/"):
        words = {"error": "a key is needed: Authorization: Bearer …"}
        return JSONResponse(words, HTTPStatus.UNAUTHORIZED, {"www-authenticate": "Bearer"})
    return RedirectResponse("/enter", HTTPStatus.SEE_OTHER)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Start the workers, read the library, and leave when what is under way has come to its end."""
    app.state.desk = desk = Desk(app.state.options)
    app.state.batches = batches = Batches(desk)

    warming = asyncio.create_task(_warm(desk))
    try:
        yield
    finally:
        warming.cancel()
        await batches.close()
        await run_in_threadpool(desk.workers.close)


async def _warm(desk: Desk) -> None:
    """Make ready what the first person would have to wait for; what is wrong is shown when somebody asks."""

    def read(view: View) -> tuple[object, ...]:
        make_overview(view.press)
        view.finder.find("")
        return view.settings, view.stamp

    try:
        values = await desk.read(read)
        await asyncio.gather(*(desk.workers.run(warm, *values) for _ in range(desk.options.workers)))
    except (LdnPrintError, BusyError, TooSlowError):
        return


def _answer(request: Request, status: int, title: str, words: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": words}, status)
    return page(request, "refused", status, title=title, problems=(words,))


async def _show_problem(request: Request, problem: Exception) -> Response:
    return _answer(request, HTTPStatus.CONFLICT, "This cannot be done", str(problem))


async def _show_busy(request: Request, _problem: Exception) -> Response:
    words = f"Too many sheets are being made. Try again in {RETRY_SECONDS} seconds."
    answer = _answer(request, HTTPStatus.SERVICE_UNAVAILABLE, "One moment", words)
    answer.headers["retry-after"] = str(RETRY_SECONDS)
    return answer


async def _show_slow(request: Request, _problem: Exception) -> Response:
    words = "This sheet took too long to make. Try again; if it happens again, tell who looks after this program."
    answer = _answer(request, HTTPStatus.SERVICE_UNAVAILABLE, "That took too long", words)
    answer.headers["retry-after"] = str(RETRY_SECONDS)
    return answer


async def _show_status(request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else HTTPStatus.BAD_REQUEST
    words = "There is no such page." if status == HTTPStatus.NOT_FOUND else HTTPStatus(status).phrase
    answer = _answer(request, status, "Not found" if status == HTTPStatus.NOT_FOUND else "Not possible", words)
    answer.headers.update((isinstance(problem, HTTPException) and problem.headers) or {})
    return answer


def _show_fault(request: Request) -> Response:
    """Say that it is our fault, and keep what can be sent with a report."""
    with contextlib.suppress(LdnPrintError):
        write_fault(request.app.state.options.cache_folder)
    words = "Something went wrong that should not. This is our fault. Nothing was lost but this page."
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "Our fault", words)
