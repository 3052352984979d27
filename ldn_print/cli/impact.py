"""``ldn-print impact``: what a change of words does, before it is merged."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ldn_print.cli.signer import open_press
from ldn_print.cli.table import format_table

if TYPE_CHECKING:
    from ldn_print.impact import Impact

_LISTED = 8


@click.command()
@click.argument("revision", default="HEAD", metavar="[REV|DIR]")
@click.option(
    "--clinic", type=click.Path(path_type=Path), metavar="FILE", help="Read the clinic's own ledger too."
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    default=Path("impact.html"),
    metavar="FILE",
    help="Where the page with pictures goes. Default: impact.html.",
)
@click.option(
    "--pictures",
    type=click.IntRange(0, 500),
    default=12,
    metavar="N",
    help="At most so many leaflets as pictures, one of each kind of change. Default: 12.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(revision: str, clinic: Path | None, report: Path, pictures: int, as_json: bool) -> int:
    r"""Compare the library with an earlier state: a revision of its repository (default HEAD), or a folder.

    Tells whose words change in which languages, which signatures no longer count, and how many words are to be
    translated again; and writes a page that shows the pages before and after.

    \b
    ldn-print impact
    ldn-print impact main --report change.html
    """
    from ldn_print.cli.progress import progress
    from ldn_print.files import write_file
    from ldn_print.impact import choose_samples, find_impact, open_before, take_out, with_pages
    from ldn_print.impact_page import render_impact
    from ldn_print.project import find_library
    from ldn_print.report import impact_to_dict, to_json

    now = open_press(clinic)
    with tempfile.TemporaryDirectory(prefix="ldn-print-") as folder:
        is_folder = Path(revision).is_dir()
        before = find_library(Path(revision)) if is_folder else take_out(now.library, revision, Path(folder))
        old = open_before(now, before.root)
        impact = find_impact(old, now)
        with progress("Comparing") as tell:
            samples = with_pages(old, now, choose_samples(impact.touched, pictures), tell)
    write_file(report, render_impact(impact, samples).encode())
    if as_json:
        click.echo(to_json("impact", impact_to_dict(impact, samples)))
    else:
        click.echo(_table(impact))
    pages = sum(pair.differs for row in samples for pair in row.pages)
    click.echo(f"{report}: {len(samples)} leaflets as pictures, {pages} pages differ", err=True)
    return 0


def _table(impact: Impact) -> str:
    """Return what a change does: a line per language, whose words change, and sums."""
    if not impact.touched:
        return "No words change."
    tags = list(dict.fromkeys(row.language.tag for row in impact.touched))
    names = list(dict.fromkeys(row.leaflet.name for row in impact.touched))
    shown = ", ".join(names[:_LISTED]) + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")
    head = ["language", "sheets", "guides", "tools", "signed before", "not complete", "words to translate"]
    lines = [
        format_table([head, *(_language_row(impact, tag) for tag in tags)]),
        "",
        f"Words change in {len(names)} handouts or tools: {shown}.",
        f"{len(impact.messages)} messages are new. {len(impact.stale)} wordings were signed, and lose it.",
    ]
    return "\n".join(lines)


def _language_row(impact: Impact, tag: str) -> list[str]:
    rows = [row for row in impact.touched if row.language.tag == tag]
    editions = [sum(row.leaflet.edition == name for row in rows) for name in ("standard", "guide", "tool")]
    signed, lost = sum(row.loses_approval for row in rows), sum(row.after is None for row in rows)
    return [tag, *map(str, (*editions, signed, lost, impact.words_left.get(tag, 0)))]
