"""The page of the clinic's profile as it is shown: fields, what is wrong beside them, the letterhead."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from ldn_print.clinic import MAX_ADDRESS, MAX_HIGHEST_DOSE, MAX_LOGO_BYTES, MAX_NAME, MAX_PHRASE
from ldn_print.clinic_file import Fields
from ldn_print.countries import all_countries
from ldn_print.languages import Language, all_languages
from ldn_print.locales import available_languages
from ldn_print.models import Logo
from ldn_print.project import Library
from ldn_print.web.clinic_form import LABELS, Look
from ldn_print.web.pages import desk_of, page

_LIMITS = {"name": MAX_NAME, "lines": MAX_ADDRESS, "phrase": MAX_PHRASE, "dose": MAX_HIGHEST_DOSE}
_SPARE_ROWS = 1  # empty rows for a new sentence


@dataclass(frozen=True)
class Preview:
    """The first page as PNG, or why there is none."""

    picture: bytes = b""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """The page as it is shown.

    ``messages`` are by field as `clinic_form.to_messages` makes them; ``changed`` names fields that somebody else
    wrote meanwhile, with what stands there now; ``preview`` is None where the browser asks for the picture itself.
    """

    fields: Fields
    digest: str
    look: Look
    messages: Mapping[str, Sequence[str]] = field(default_factory=dict)
    changed: Mapping[str, str] | None = None
    logo: Logo | None = None
    kept_logo: str = ""
    removes_logo: bool = False
    preview: Preview | None = None
    told: str = ""

    @property
    def logo_address(self) -> str:
        """The logo as an address that holds the picture itself; empty without one."""
        if self.logo is None or self.removes_logo:
            return ""
        return f"data:{self.logo.media_type};base64,{base64.b64encode(self.logo.data).decode()}"

    def answer(self, request: Request, status: int = HTTPStatus.OK) -> Response:
        """Return the page."""
        library, path = desk_of(request).options.library, desk_of(request).options.clinic_file
        return page(
            request,
            "clinic",
            status,
            form=self,
            fields=self.fields,
            labels=LABELS,
            limits=_LIMITS,
            countries=all_countries().values(),
            languages=all_languages().values(),
            sheets=library.handout_ids(),
            columns=_columns(self.fields, library),
            spare=range(len(self.fields.phrases), len(self.fields.phrases) + _SPARE_ROWS),
            ready=available_languages(library),
            path=path,
            most_logo=MAX_LOGO_BYTES,
        )


def _columns(fields: Fields, library: Library) -> tuple[Language, ...]:
    """Return the languages that a sentence can be written in: those with sheets, and those in use already."""
    used = {tag for row in fields.phrases for tag in row.texts}
    ready = available_languages(library)
    return tuple(row for row in all_languages().values() if row in ready or row.tag in used)
