"""``ldn-print status``: how far each language is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ldn_print.cli.table import format_table

if TYPE_CHECKING:
    from ldn_print.status import LanguageStatus, Progress

_HEAD = ("translated", "stale", "missing", "faulty", "words left")


@click.command()
@click.argument("languages", nargs=-1, metavar="[TAG]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(languages: tuple[str, ...], as_json: bool) -> int:
    """Show how far each language is: translated, stale, missing and faulty messages, English words left.

    With a TAG, leaflet by leaflet. Stale: the English changed since it was translated. Faulty: translated, but a
    check refuses it ('ldn-print check' says why).
    """
    from ldn_print.cli import places
    from ldn_print.report import status_to_dict, to_json
    from ldn_print.status import read_status

    press = places.press()
    chosen = places.languages(languages) or press.catalogs.available()
    rows = read_status(press, chosen)
    if as_json:
        click.echo(to_json("status", status_to_dict(rows)))
    elif languages:
        click.echo(
            "\n\n".join(_leaflet_table(row) for row in rows) or "English is the source: it is always complete."
        )
    else:
        click.echo(_language_table(rows))
    return 0


def _language_table(rows: Sequence[LanguageStatus]) -> str:
    head = ["language", *_HEAD, "can be printed", "approved"]
    lines = [
        [
            row.language.tag,
            *_cells(row.whole),
            f"{row.printable} of {len(row.leaflets)} leaflets",
            str(len(row.approved)),
        ]
        for row in rows
    ]
    return format_table([head, *lines])


def _leaflet_table(row: LanguageStatus) -> str:
    lines = [[leaflet.name, leaflet.edition, *_cells(progress)] for leaflet, progress in row.leaflets]
    whole = ["all messages", "", *_cells(row.whole)]
    return f"{row.language.label}\n{format_table([['leaflet', 'edition', *_HEAD], *lines, whole])}"


def _cells(progress: Progress) -> list[str]:
    done = f"{progress.translated} of {progress.total}"
    return [done, *map(str, (progress.stale, progress.missing, progress.faulty, progress.words_left))]
