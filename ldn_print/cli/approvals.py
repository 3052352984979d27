"""``ldn-print approvals``: who approved what, and what is lacking."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ldn_print.cli.signer import leaflets_of, open_press
from ldn_print.cli.table import format_table

if TYPE_CHECKING:
    from ldn_print.approvals import ApprovalRow
    from ldn_print.languages import Language
    from ldn_print.models import Leaflet
    from ldn_print.press import Press


@click.command()
@click.argument("names", nargs=-1, metavar="[HANDOUT|TOOL]...")
@click.option("-l", "--language", "tags", multiple=True, metavar="TAG", help="Default: every language.")
@click.option(
    "--clinic", type=click.Path(path_type=Path), metavar="FILE", help="Read the clinic's own ledger too."
)
@click.option("--words", is_flag=True, help="Print the exact words that are signed, for one handout and language.")
@click.option("-e", "--edition", "editions", multiple=True, type=click.Choice(("standard", "guide")))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    names: tuple[str, ...],
    tags: tuple[str, ...],
    clinic: Path | None,
    words: bool,
    editions: tuple[str, ...],
    as_json: bool,
) -> int:
    r"""Show the state of each handout's words: draft, language-reviewed, approved, stale, expired, withdrawn.

    With a HANDOUT also what is lacking, and every record. Exit code 1 when a record does not count.

    \b
    ldn-print approvals
    ldn-print approvals fibromyalgia --language en
    ldn-print approvals fibromyalgia -l en --words | sha256sum
    """
    from ldn_print.approvals import read_rows
    from ldn_print.cli import places
    from ldn_print.errors import ExitCode
    from ldn_print.extract import library_leaflets
    from ldn_print.report import approvals_to_dict, to_json

    press = open_press(clinic)
    leaflets = leaflets_of(press, names, editions or ("standard", "guide")) or library_leaflets(press.library)
    languages = places.languages(tags) or press.catalogs.available()
    if words:
        if len(leaflets) != 1 or len(languages) != 1:
            raise click.UsageError("--words: name one handout, one --edition and one --language.")
        click.echo(press.wording(leaflets[0], languages[0]).text, nl=False)
        return 0
    rows = tuple(read_rows(press.approvals, leaflets, languages))
    doubts = tuple(doubt for leaflet in leaflets for doubt in press.approvals.find_doubts(leaflet))
    if as_json:
        click.echo(to_json("approvals", approvals_to_dict(rows)))
    else:
        click.echo("\n".join(_details(press, row) for row in rows) if names else _table(rows, leaflets, languages))
    for doubt in dict.fromkeys(doubts):
        click.echo(str(doubt), err=True)
    return ExitCode.FINDINGS if doubts else ExitCode.GOOD


def _table(rows: tuple[ApprovalRow, ...], leaflets: Iterable[Leaflet], languages: Iterable[Language]) -> str:
    """Return the states as a table, a line per leaflet."""
    tags = [language.tag for language in languages]
    states = {(row.leaflet, row.language.tag): row.standing.state for row in rows}
    lines = [
        [leaflet.name, leaflet.label, *(states.get((leaflet, tag), "incomplete") for tag in tags)]
        for leaflet in leaflets
    ]
    return format_table([["handout", "edition", *tags], *lines])


def _details(press: Press, row: ApprovalRow) -> str:
    """Return the state of some words with what they lack, what changed, and who said what about them."""
    from ldn_print.signing import make_offer
    from ldn_print.word_diff import as_text
    from ldn_print.wording import short

    standing = row.standing
    lines = [f"{row.leaflet.name} ({row.leaflet.label}) in {row.language.tag}: {standing.state}"]
    lines += [f"  words {short(row.wording)}"]
    lines += [f"  lacking: {what}" for what in standing.lacking]
    if standing.state == "stale":
        changes = make_offer(press.approvals, row.leaflet, row.language).changes
        lines += [f"  changed since it was signed: {as_text(pieces)}" for pieces in changes]
    for record in row.records:
        person = ", ".join(filter(None, (record.name, record.credential)))
        about = "these words" if record.wording == row.wording else f"words {short(record.wording)}"
        counts = (
            "" if record in standing.counted or record.action != "sign" else ", does not count for these words"
        )
        note = f": {record.note}" if record.note else ""
        lines.append(f"  {record.date} {record.action} {about} as {record.role}: {person}{counts}{note}")
    return "\n".join(lines)
