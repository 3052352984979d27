"""``ldn-print approve``: sign a handout's words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ldn_print.approval import CRITERIA, needed_criteria
from ldn_print.cli.signer import ask, language_of, leaflets_of, open_press, signer_options

if TYPE_CHECKING:
    from ldn_print.ledger import Role
    from ldn_print.models import Leaflet
    from ldn_print.press import Press
    from ldn_print.signing import Offer, Signer

_ATTESTED = "\n".join(f"  {name.ljust(18)}{words}" for name, words in CRITERIA.items())
_EPILOG = f"""\b
What is attested (--criteria), by its short name:
{_ATTESTED}

English needs a prescriber and a pharmacist (read-all, facts, doses). A translation needs a linguist and a reviser
(read-all, compared; with words that can harm also, by one of them, two-translations, back-translation, debriefed)
and a prescriber or pharmacist who reads it (read-all, facts, doses, reads-language)."""


@click.command(epilog=_EPILOG)
@click.argument("names", nargs=-1, required=True, metavar="HANDOUT|TOOL...")
@signer_options
@click.option("--criteria", default="", metavar="NAME,...", help="With --yes: what is attested, see below.")
@click.option("--unchanged", is_flag=True, help="Say that the meaning did not change: signatures carry over.")
@click.option(
    "--pages",
    type=click.Path(path_type=Path),
    default=Path("approve"),
    metavar="DIR",
    help="Where the pages to read are written. Default: approve.",
)
def command(
    names: tuple[str, ...],
    tag: str,
    editions: tuple[str, ...],
    role: Role,
    reviewer: str,
    note: str,
    key: Path | None,
    clinic: Path | None,
    yes: bool,
    criteria: str,
    unchanged: bool,
    pages: Path,
) -> int:
    r"""Show the words of a handout, ask, and write down that somebody approved exactly these words.

    Who may sign stands in handouts/reviewers.toml, or in the clinic's own folder of approvals.

    \b
    ldn-print approve fibromyalgia --role prescriber --reviewer example-1
    ldn-print approve fibromyalgia -l es-US --role linguist --reviewer example-2
    """
    from ldn_print.signing import find_signer, make_offer

    press = open_press(clinic)
    signer = find_signer(press.approvals, reviewer, role, key, press.settings.today)
    language = language_of(tag)
    attested = tuple(name.strip() for name in criteria.split(",") if name.strip())
    _check_names(attested)
    for leaflet in leaflets_of(press, names, editions):
        if unchanged:
            _carry_over(press, leaflet, signer, note, yes=yes)
            continue
        offer = make_offer(press.approvals, leaflet, language)
        _show(press, offer, pages)
        given = attested if yes else _ask_criteria(offer, signer)
        _sign(press, offer, signer, given, note, yes=yes)
    return 0


def _check_names(criteria: tuple[str, ...]) -> None:
    for name in criteria:
        if name not in CRITERIA:
            raise click.UsageError(f"--criteria: {name!r} is not known. Known: {', '.join(CRITERIA)}.")


def _show(press: Press, offer: Offer, pages: Path) -> None:
    """Write the pages that are signed, and tell what they are and what changed since somebody signed."""
    from ldn_print.files import write_file
    from ldn_print.word_diff import as_text
    from ldn_print.wording import short

    stem = f"{offer.leaflet.name}.{offer.leaflet.label}.{offer.language.tag}"
    words, sheet = pages / f"{stem}.txt", pages / f"{stem}.pdf"
    write_file(sheet, _print(press, offer))
    write_file(words, offer.wording.text.encode())
    lacking = f": lacking {', '.join(offer.standing.lacking)}" if offer.standing.lacking else ""
    lines = [
        f"{offer.place}: {offer.standing.state}{lacking}",
        f"  Read the pages: {sheet}",
        f"  The words that are signed, {short(offer.wording.digest)}: {words}",
    ]
    if offer.since is None:
        lines.append("  Nobody has signed earlier words.")
    else:
        since = offer.since
        lines.append(f"  Changed since {since.name} signed as {since.role} on {since.date}:")
        lines += [f"    {as_text(pieces)}" for pieces in offer.changes] or [
            "    the text that was signed is not kept"
        ]
    click.echo("\n".join(lines), err=True)


def _print(press: Press, offer: Offer) -> bytes:
    """Return the pages of an offer; who signs has to see them.

    Raises:
        LedgerError: they cannot be printed.
    """
    from ldn_print.errors import LedgerError
    from ldn_print.jobs import Job
    from ldn_print.report import format_refused

    made = press.make(Job(offer.leaflet, offer.language.tag, press.settings.clinic.paper))
    if not made.good:
        raise LedgerError(f"{offer.place}: cannot be signed, as it cannot be printed\n{format_refused([made])}")
    return made.data


def _ask_criteria(offer: Offer, signer: Signer) -> tuple[str, ...]:
    """Return what the signer attests, each asked by itself."""
    given = []
    for name in offer.criteria(signer.role):
        if name in needed_criteria(signer.role, offer.language.tag):
            ask(CRITERIA[name], yes=False)
            given.append(name)
        elif click.confirm(CRITERIA[name], err=True):
            given.append(name)
    return tuple(given)


def _sign(press: Press, offer: Offer, signer: Signer, criteria: tuple[str, ...], note: str, *, yes: bool) -> None:
    from ldn_print.signing import sign

    person = ", ".join(filter(None, (signer.reviewer.name, signer.reviewer.credential)))
    ask(f"Sign these words as {person} ({signer.role})?", yes=yes)
    sign(press.approvals, offer, signer, criteria, note)
    standing = press.approvals.standing(offer.leaflet, offer.language)
    lacking = f": still lacking {', '.join(standing.lacking)}" if standing.lacking else ""
    click.echo(f"{offer.place}: signed by {person} as {signer.role}. It is now {standing.state}{lacking}.")


def _carry_over(press: Press, leaflet: Leaflet, signer: Signer, note: str, *, yes: bool) -> None:
    """Carry a leaflet's signatures over to its words of today, in English and in each language signed."""
    from ldn_print.carry import carry_everywhere
    from ldn_print.languages import SOURCE_TAG, get_language
    from ldn_print.signing import make_offer
    from ldn_print.word_diff import as_text

    offer = make_offer(press.approvals, leaflet, get_language(SOURCE_TAG))
    lines = [f"{offer.place}: changed since it was signed:", *(f"  {as_text(row)}" for row in offer.changes)]
    click.echo("\n".join(lines), err=True)
    ask(f"Does this leave the meaning as it was ({signer.reviewer.name}, {signer.role})?", yes=yes)
    for carried in carry_everywhere(press, offer, signer, note):
        became = f"not carried over: {carried.reason}" if carried.reason else "signatures carried over"
        click.echo(f"{leaflet.name} ({leaflet.label}) in {carried.language.tag}: {became}")
