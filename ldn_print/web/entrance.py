"""Lets staff in who type the code of the clinic."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ldn_print.web.access import COOKIE, COOKIE_SECONDS
from ldn_print.web.forms import read_form
from ldn_print.web.guard import Meter
from ldn_print.web.pages import page

_TRIES = Meter(burst=10, per_second=1 / 30)


async def enter(request: Request) -> Response:
    """Ask for the code, and take it."""
    access = request.app.state.access
    if request.state.who.may_enter:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    if request.method == "GET":
        return page(request, "enter", HTTPStatus.UNAUTHORIZED, problem="", has_code=not access.is_behind_proxy)
    form = await read_form(request)
    address = request.client.host if request.client else ""
    if not _TRIES.takes(address):
        problem = "Too many tries. Wait a minute."
        return page(request, "enter", HTTPStatus.TOO_MANY_REQUESTS, problem=problem, has_code=True)
    if not access.is_code(form.get("code", "")):
        problem = "That is not the code. Ask who set up this desk."
        return page(request, "enter", HTTPStatus.UNAUTHORIZED, problem=problem, has_code=True)
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    secure = request.url.scheme == "https"
    value, age = access.cookie(), COOKIE_SECONDS
    answer.set_cookie(COOKIE, value, max_age=age, httponly=True, samesite="strict", secure=secure)
    return answer


ROUTES: Sequence[Route] = (Route("/enter", enter, methods=["GET", "POST"]),)
