"""Reads the desk's forms, in memory: a library that spools to disk never sees what somebody typed."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.datastructures import MultiDict
from starlette.requests import Request

from ldn_print.errors import ContentError
from ldn_print.web.guard import check_token

_MOST_FIELDS = 80


async def read_form(request: Request, most: int = _MOST_FIELDS) -> MultiDict:
    """Return the fields of a form, read in memory.

    Args:
        request: what was sent.
        most: how many fields are taken.

    Raises:
        ContentError: it is no plain form.
        Refused: it was not written by this desk.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise ContentError("this form was sent in a way that the desk does not take\n  Load the page again.")
    try:
        text = (await request.body()).decode("utf-8")
        fields = MultiDict(parse_qsl(text, keep_blank_values=True, max_num_fields=most))
    except ValueError:
        raise ContentError("this form cannot be read\n  Load the page again.") from None
    check_token(request, fields.get("csrf", ""))
    return fields
