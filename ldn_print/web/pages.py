"""Makes HTML of the desk's own pages from its templates. Leaflets are never made here."""

from __future__ import annotations

import base64
from functools import cache
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from ldn_print.web.state import Desk

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
# The state of words as staff read it: a mark of its own, words, and whether a sheet may be printed.
BADGES = {
    "approved": ("good", "Approved"),
    "language-reviewed": ("doubt", "Translation approved, English words not"),
    "draft": ("doubt", "Draft: not approved"),
    "stale": ("doubt", "Changed since it was approved"),
    "expired": ("doubt", "Past its review date"),
    "withdrawn": ("bad", "Withdrawn: never hand it out"),
    "incomplete": ("bad", "Not complete in this language"),
    "not started": ("bad", "Not translated"),
}
_PARTS = (("/", "Print"), ("/batch", "Many at once"), ("/clinic", "Clinic"))
_WORDS_PARTS = (("/translate", "Translations"), ("/approvals", "Approvals"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(badges=BADGES, parts=(*_PARTS, *_WORDS_PARTS), picture=data_picture)
    return environment


def data_picture(data: bytes) -> Markup:
    """Return a PNG as an address that holds the picture itself: it is asked for from nowhere."""
    return Markup("data:image/png;base64,{}").format(base64.b64encode(data).decode())


def desk_of(request: Request) -> Desk:
    """Return the desk that a request came to."""
    desk: Desk = request.app.state.desk
    return desk


def page(request: Request, name: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page of the desk.

    Args:
        request: what it answers.
        name: of the template, without its ending.
        status: of HTTP.
        values: what the template shows.
    """
    desk = desk_of(request)
    html = (
        _environment()
        .get_template(f"{name}.html")
        .render(
            csrf=request.state.csrf,
            here=request.url.path,
            can_edit=desk.options.can_edit,
            **values,
        )
    )
    return HTMLResponse(html, status)


def forbidden(request: Request, title: str, words: str) -> HTMLResponse:
    """Return the answer where this desk may not write what somebody sent."""
    return page(request, "refused", HTTPStatus.FORBIDDEN, title=title, problems=(words,))
