"""The reviewers' part of the desk: the state of all words, and the words of a leaflet with who signed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ldn_print.approval import CRITERIA, Standing, needed_criteria
from ldn_print.errors import Diagnostic
from ldn_print.extract import library_leaflets
from ldn_print.job_cache import JobCache
from ldn_print.jobs import Job, JobResult
from ldn_print.languages import SOURCE_TAG, Language, get_language
from ldn_print.ledger import Record
from ldn_print.models import Leaflet
from ldn_print.reviewers import FILE
from ldn_print.signing import Candidate, Offer, find_candidates, make_offer
from ldn_print.styles import PAPER_MM
from ldn_print.web.desk import refusals
from ldn_print.web.leaflets import (
    NAMES,
    approval_address,
    read_language,
    read_leaflet,
    workbench_address,
)
from ldn_print.web.pages import desk_of, page
from ldn_print.web.state import View
from ldn_print.wording import short

_ALL = "all"


@dataclass(frozen=True)
class StateRow:
    """A leaflet in a language on the board; it has no ``standing`` as long as messages are ``missing``."""

    leaflet: Leaflet
    language: Language
    name: str
    standing: Standing | None
    missing: int

    @property
    def state(self) -> str:
        """As in `pages.BADGES`."""
        return self.standing.state if self.standing else "incomplete"


async def board(request: Request) -> Response:
    """Answer with the state of all words, in one language or in all."""
    tag = request.query_params.get("language", SOURCE_TAG)

    def read(view: View) -> tuple[tuple[Language, ...], list[StateRow]]:
        available = view.press.catalogs.available()
        languages = available if tag == _ALL else (read_language(view.press, tag),)
        leaflets = library_leaflets(view.press.library)
        return available, [_row(view, leaflet, row) for leaflet in leaflets for row in languages]

    available, rows = await desk_of(request).read(read)
    return page(
        request,
        "approvals",
        available=available,
        chosen=tag if tag == _ALL else get_language(tag).tag,
        rows=rows,
        editions=NAMES,
        address=approval_address,
        in_words=in_words,
        counts={state: sum(row.state == state for row in rows) for state in dict.fromkeys(r.state for r in rows)},
    )


def _row(view: View, leaflet: Leaflet, language: Language) -> StateRow:
    words = view.press.completeness(leaflet, language)
    standing = view.press.approvals.standing(leaflet, language) if words.complete else None
    return StateRow(leaflet, language, view.press.publication(leaflet).topic, standing, len(words.holes))


def in_words(lacking: str) -> str:
    """Return what words lack with the sentence of an attestation in place of its short name."""
    for name, sentence in CRITERIA.items():
        lacking = lacking.replace(f"the attestation {name!r} of", f"“{sentence}” – from")
    return lacking


@dataclass(frozen=True)
class Case:
    """The words of a leaflet as reviewers see them.

    ``view`` shows drafts whatever the clinic's policy, for those who approve have to see them. ``offer`` is None
    where the leaflet is not complete, and has no words to sign; ``records`` are all that were written about it.
    """

    view: View
    leaflet: Leaflet
    language: Language
    name: str
    missing: int
    offer: Offer | None = None
    candidates: tuple[Candidate, ...] = ()
    records: tuple[Record, ...] = ()
    doubts: tuple[Diagnostic, ...] = ()

    @property
    def job(self) -> Job:
        """The pages that are signed."""
        return Job(self.leaflet, self.language.tag, self.view.settings.clinic.paper)

    @property
    def list_path(self) -> str:
        """The file that names who may sign."""
        return str(self.view.press.approvals.home / FILE)

    def find(self, who: str) -> Candidate | None:
        """Return the candidate that ``reviewer:role`` names."""
        return next((row for row in self.candidates if f"{row.reviewer.id}:{row.role}" == who), None)


async def read_case(request: Request) -> Case:
    """Return the words that an address means, as they are now.

    Raises:
        LdnPrintError: it names nothing, or a ledger cannot be trusted.
    """
    name, query = request.path_params["name"], request.query_params

    def read(view: View) -> Case:
        leaflet = read_leaflet(view.press, name, query.get("edition", ""))
        language = read_language(view.press, query.get("language", SOURCE_TAG))
        return _case(view, leaflet, language)

    return await desk_of(request).read(read)


def _case(view: View, leaflet: Leaflet, language: Language) -> Case:
    press, approvals = view.press, view.press.approvals
    settings, seen = view.settings, view
    if settings.clinic.policy != "mark":
        settings = replace(settings, clinic=replace(settings.clinic, policy="mark"))
        seen = replace(view, settings=settings, cache=JobCache(settings))
    missing = len(press.completeness(leaflet, language).holes)
    case = Case(seen, leaflet, language, press.publication(leaflet).topic, missing)
    if missing:
        return case
    offer = make_offer(approvals, leaflet, language)
    every = [record for ledger in approvals.ledgers(leaflet) for record in ledger.records]
    return replace(
        case,
        offer=offer,
        candidates=find_candidates(approvals, offer, settings.today),
        records=tuple(row for row in every if (row.edition, row.language) == (leaflet.label, language.tag)),
        doubts=tuple(approvals.find_doubts(leaflet)),
    )


async def print_case(request: Request, case: Case) -> JobResult | None:
    """Return the pages that are signed, or why they cannot be printed; None where the leaflet is not complete.

    Raises:
        BusyError, TooSlowError: as `state.Desk.make`.
    """
    return await desk_of(request).make(case.view, case.job) if case.offer else None


@dataclass(frozen=True)
class Sent:
    """A form that was sent and not taken: who signs, what they attested and wrote, and what is wrong with it."""

    who: str = ""
    criteria: tuple[str, ...] = ()
    note: str = ""
    problems: tuple[str, ...] = ()


async def words(request: Request) -> Response:
    """Answer with the words of a leaflet: what they say, what changed, who signed, and a form to sign them."""
    return await show_case(request, await read_case(request), Sent(request.query_params.get("as", "")))


async def show_case(request: Request, case: Case, sent: Sent) -> Response:
    """Return the page of a leaflet's words.

    Raises:
        BusyError, TooSlowError: as `state.Desk.make`.
    """
    made = await print_case(request, case)
    pictures = await desk_of(request).pictures(made.data) if made and made.good else ()
    who = case.find(sent.who)
    return page(
        request,
        "words",
        HTTPStatus.UNPROCESSABLE_ENTITY if sent.problems else HTTPStatus.OK,
        case=case,
        offer=case.offer,
        state=case.offer.standing.state if case.offer else "incomplete",
        pictures=pictures,
        refused=refusals(made) if made and not made.good else (),
        size=PAPER_MM[case.job.paper],
        who=who,
        criteria=case.offer.criteria(who.role) if case.offer and who else (),
        needed=needed_criteria(who.role, case.language.tag) if who else (),
        says=CRITERIA,
        sent=sent,
        done=request.query_params.get("done", ""),
        short=short,
        editions=NAMES,
        address=approval_address,
        in_words=in_words,
        translate_address=workbench_address,
        command=_command(request, case, who) if who and who.reviewer.keys else "",
    )


def _command(request: Request, case: Case, who: Candidate) -> str:
    """Return the command with which somebody who has a key signs: the key stays with them."""
    parts = ["ldn-print approve", case.leaflet.name]
    parts += ["--edition guide"] if case.leaflet.edition == "guide" else []
    parts += [f"--language {case.language.tag}", f"--role {who.role}", f"--reviewer {who.reviewer.id}"]
    clinic = desk_of(request).options.clinic_file
    parts += [f"--clinic {clinic}"] if clinic and case.view.settings.clinic.approvals else []
    return " ".join([*parts, "--key FILE"])


ROUTES: Sequence[Route] = (
    Route("/approvals", board),
    Route("/approvals/{name}", words),
)
