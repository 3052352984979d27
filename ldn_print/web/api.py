"""The desk for machines: which sheets there are, one of them as a file, what a code stands for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, cast, get_args

from starlette.datastructures import MultiDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ldn_print.errors import LanguageError, LdnPrintError
from ldn_print.jobs import Job
from ldn_print.languages import all_languages
from ldn_print.models import Format, Handout
from ldn_print.overview import Row, make_overview
from ldn_print.personal import read_personal
from ldn_print.release import read_releases
from ldn_print.report import finding_to_dict, identities_to_dict, overview_to_dict, to_body
from ldn_print.tables import Table
from ldn_print.verification import find_code, identify
from ldn_print.web.choice import EDITIONS, PAPERS, job_of, read_choice
from ldn_print.web.desk import sheet_response
from ldn_print.web.openapi import description
from ldn_print.web.pages import desk_of
from ldn_print.web.state import View
from ldn_print.web.workers import make_copy

_MOST_JSON = 20_000  # bytes of a patient's data


class ApiError(Exception):
    """A request of a machine that is answered with a status and words."""

    def __init__(self, status: HTTPStatus, words: str, **more: object) -> None:
        super().__init__(words)
        self.status, self.body = status, {"error": words, **more}

    @property
    def answer(self) -> Response:
        """What is sent back."""
        return JSONResponse(self.body, self.status)


async def leaflets(request: Request) -> Response:
    """Answer with handouts and tools, with their state in each language; ``code`` asks by ICD-10-CM code."""
    code = request.query_params.get("code", "").strip().upper()
    typed = request.query_params.get("q", "")[:100]

    def read(view: View) -> list[Row]:
        rows = make_overview(view.press)
        names = {hit.leaflet.name for hit in view.finder.find(typed)} if typed else None
        return [row for row in rows if (names is None or row.leaflet.name in names) and _has_code(row, code)]

    return JSONResponse(to_body("leaflets", overview_to_dict(await desk_of(request).read(read))))


def _has_code(row: Row, code: str) -> bool:
    return not code or (isinstance(row.publication, Handout) and code in row.publication.codes)


def _job(request: Request, view: View) -> Job:
    """Return what a machine asked for.

    Raises:
        ApiError: a value is not usable, or there is no such sheet.
    """
    query, name, library = request.query_params, request.path_params["name"], view.press.library
    form = query.get("format", "pdf")
    allowed = {"edition": EDITIONS, "paper": PAPERS, "format": get_args(Format)}
    for key, choices in allowed.items():
        if key in query and query[key] not in choices:
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, f"{key}: one of {', '.join(choices)}")
    if name not in (*library.handout_ids(), *library.tool_ids()):
        raise ApiError(HTTPStatus.NOT_FOUND, "there is no such handout or tool")
    if "language" in query and query["language"] not in all_languages():
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "language: not known")
    try:
        choice = read_choice(MultiDict([*query.multi_items(), ("sheet", name)]), library, view.settings.clinic)
    except LdnPrintError as problem:
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, str(problem)) from None
    return job_of(choice, library, cast(Format, form))


async def sheet_or_copy(request: Request) -> Response:
    """Answer with a sheet, or, to one patient's data, with a copy that is filled in."""
    return await (copy(request) if request.method == "POST" else sheet(request))


async def sheet(request: Request) -> Response:
    """Answer with one sheet as a file."""
    view, job = await desk_of(request).read(lambda view: (view, _job(request, view)))
    return _file(await desk_of(request).make(view, job))


async def copy(request: Request) -> Response:
    """Answer with a copy that is filled in for one patient; nothing of it is kept."""
    view, job = await desk_of(request).read(lambda view: (view, _job(request, view)))
    if job.format != "pdf" or job.leaflet.is_tool:
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "only a handout as PDF can be filled in")
    try:
        personal = read_personal(Table("body", await _json(request)), view.settings.clinic)
    except LanguageError:
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "note_language: not known") from None
    except LdnPrintError as problem:
        # A finding may quote what was typed: only its place goes back.
        places = sorted({row.place for row in problem.diagnostics}) or ["body: plan"]
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "not usable", places=places) from None
    made = await desk_of(request).workers.run(make_copy, view.settings, job, view.stamp, personal, None)
    return _file(made.result)


async def _json(request: Request) -> dict[str, Any]:
    """Return the body of a request: an object, with days as days.

    Raises:
        ApiError: it is none.
    """
    body = await request.body()
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/json")
    try:
        if len(body) > _MOST_JSON:
            raise ValueError
        data = json.loads(body)
        if not isinstance(data, dict):
            raise TypeError
        return with_days(data)
    except (ValueError, TypeError, RecursionError):
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "the body is no JSON object of at most 20 kB") from None


def with_days(data: dict[str, Any]) -> dict[str, Any]:
    """Return a patient's data with its days, which JSON writes as text, as days.

    Raises:
        ValueError: a day is none.
    """
    from datetime import date

    def day(row: dict[str, Any], key: str) -> dict[str, Any]:
        return {**row, key: date.fromisoformat(row[key])} if isinstance(row.get(key), str) else row

    data = day(data, "date")
    if isinstance(data.get("plan"), dict):
        data["plan"] = day(data["plan"], "start")
    return data


def _file(made: Any) -> Response:
    if not made.good:
        findings = [finding_to_dict(row) for row in made.findings]
        words = str(made.error) if made.error else "this sheet is not printed"
        raise ApiError(HTTPStatus.CONFLICT, words, findings=findings)
    answer = sheet_response(made.data, made.job)
    answer.headers["x-ldn-state"] = made.state
    if made.fingerprint:
        answer.headers["x-ldn-code"] = made.fingerprint
    return answer


async def verify_code(request: Request) -> Response:
    """Answer what is known of a sheet by its code."""
    return await _verify(request, request.path_params["code"], None)


async def verify_file(request: Request) -> Response:
    """Answer what is known of a sheet by its file."""
    data = await request.body()
    try:
        code = find_code(data)
    except LdnPrintError:
        code = ""
    if not code:
        raise ApiError(HTTPStatus.NOT_FOUND, "this is no sheet: it carries no code")
    return await _verify(request, code, data)


async def _verify(request: Request, code: str, data: bytes | None) -> Response:
    def read(view: View) -> Any:
        releases = read_releases((view.press.library.releases,))
        return identify(view.press.approvals, releases, code, data)

    try:
        found = await desk_of(request).read(read)
    except ValueError as problem:
        raise ApiError(HTTPStatus.NOT_FOUND, str(problem)) from None
    if not found:
        raise ApiError(HTTPStatus.NOT_FOUND, "nothing is known of this sheet: do not hand it out")
    return JSONResponse(to_body("verify", identities_to_dict(found)))


async def openapi(request: Request) -> Response:
    """Answer with the description of these addresses (OpenAPI)."""
    library = desk_of(request).options.library
    return JSONResponse(description(library.handout_ids(), library.tool_ids(), tuple(all_languages())))


ROUTES: Sequence[Route] = (
    Route("/api/v1/leaflets", leaflets),
    Route("/api/v1/sheets/{name}", sheet_or_copy, methods=["GET", "POST"]),
    Route("/api/v1/verify/{code}", verify_code),
    Route("/api/v1/verify", verify_file, methods=["POST"]),
    Route("/api/v1/openapi.json", openapi),
)
