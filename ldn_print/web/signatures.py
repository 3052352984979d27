"""Signs and withdraws words from the desk, through the same functions as the command line.

What somebody signs are the words that their page showed: its digests come back with the form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MultiDict
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ldn_print.approval import needed_criteria
from ldn_print.ledger import Record
from ldn_print.signing import Offer, Signer, find_signer, sign, withdraw
from ldn_print.web.forms import read_form
from ldn_print.web.leaflets import approval_address
from ldn_print.web.pages import desk_of, forbidden
from ldn_print.web.reviewing import Case, Sent, print_case, read_case, show_case

_MOST_NOTE = 500
_READ_ONLY = "This desk is for reading: nothing is signed or withdrawn here."


async def sign_words(request: Request) -> Response:
    """Add a signature under the words that were shown."""
    if not desk_of(request).options.can_edit:
        return forbidden(request, "Read only", _READ_ONLY)
    fields, case, sent = await _receive(request)
    problems = [*_find_problems(case, fields, sent), *await _find_unprintable(request, case)]
    who = case.find(sent.who)
    if who and case.offer:
        given = set(sent.criteria)
        missing = [name for name in needed_criteria(who.role, case.language.tag) if name not in given]
        problems += (
            ["Tick each point that you attest: all but those marked as optional are needed."] if missing else []
        )
        problems += [f"Not signed: {who.reason}."] if who.reason else []
    if problems:
        return await show_case(request, case, replace(sent, problems=tuple(problems)))
    return await _write(request, case, sent, lambda offer, signer: _sign(case, offer, signer, sent))


def _sign(case: Case, offer: Offer, signer: Signer, sent: Sent) -> Record:
    criteria = tuple(name for name in offer.criteria(signer.role) if name in sent.criteria)
    return sign(case.view.press.approvals, offer, signer, criteria, sent.note)


async def withdraw_words(request: Request) -> Response:
    """Say that the words that were shown must not be printed any more."""
    if not desk_of(request).options.can_edit:
        return forbidden(request, "Read only", _READ_ONLY)
    fields, case, sent = await _receive(request)
    problems = _find_problems(case, fields, sent)
    problems += [] if sent.note else ["Write why these words must go: nobody would know it."]
    problems += [] if "sure" in fields else ["Tick that these words are never to be printed again."]
    if problems:
        return await show_case(request, case, replace(sent, who="", note="", problems=tuple(problems)))
    approvals = case.view.press.approvals
    return await _write(request, case, sent, lambda offer, signer: withdraw(approvals, offer, signer, sent.note))


async def _receive(request: Request) -> tuple[MultiDict, Case, Sent]:
    """Return the form that was sent, the words that it is about as they are now, and what it says."""
    fields = await read_form(request)
    note = " ".join(fields.get("note", "").split())
    sent = Sent(fields.get("who", ""), tuple(fields.getlist("criterion")), note)
    return fields, await read_case(request), sent


def _find_problems(case: Case, fields: MultiDict, sent: Sent) -> list[str]:
    """Return what keeps a form from being taken, in words."""
    problems = []
    who = case.find(sent.who)
    if case.offer is None:
        return ["This leaflet is not complete, so there are no words to sign."]
    if (fields.get("words"), fields.get("source")) != (case.offer.wording.digest, case.offer.subject.source):
        problems.append(
            "The words changed since this page was made, so nothing was written. Read them again below."
        )
    if who is None:
        problems.append("Choose who signs, and in which role.")
    elif who.reviewer.keys:
        problems.append(f"{who.reviewer.name} has a key: sign with the command that is shown, where the key is.")
    if len(sent.note) > _MOST_NOTE:
        problems.append(f"The note is longer than {_MOST_NOTE} signs. Shorten it.")
    return problems


async def _find_unprintable(request: Request, case: Case) -> tuple[str, ...]:
    """Return that pages which nobody can see are not signed."""
    made = await print_case(request, case)
    return () if made and made.good else ("These pages cannot be printed, so nobody can sign them.",)


async def _write(
    request: Request, case: Case, sent: Sent, add: Callable[[Offer, Signer], Record]
) -> RedirectResponse:
    """Write a record and return to the page.

    Raises:
        LedgerError: they cannot sign these words, or the words changed meanwhile.
        OutputError: the ledger cannot be written.
    """
    desk, offer = desk_of(request), case.offer
    reviewer, _, role = sent.who.partition(":")

    def write() -> Record:
        with desk.view():
            candidate = case.find(sent.who)
            if offer is None or candidate is None:
                raise AssertionError(f"{reviewer} as {role}: was judged before")
            approvals, today = case.view.press.approvals, case.view.settings.today
            record = add(offer, find_signer(approvals, reviewer, candidate.role, None, today))
            desk.look_again()
            return record

    record = await run_in_threadpool(write)
    address = approval_address(case.leaflet, case.language, done=record.action)
    return RedirectResponse(f"{address}#done", HTTPStatus.SEE_OTHER)


ROUTES: Sequence[Route] = (
    Route("/approvals/{name}/sign", sign_words, methods=["POST"]),
    Route("/approvals/{name}/withdraw", withdraw_words, methods=["POST"]),
)
