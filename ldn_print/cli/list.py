"""``ldn-print list``: leaflets × languages with their state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ldn_print.cli.table import format_table

if TYPE_CHECKING:
    from ldn_print.overview import Cell, Row


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(as_json: bool) -> int:
    """List handouts, tools and languages, and what can be printed.

    'draft' prints, and every page says that nobody has signed it yet.
    """
    from ldn_print.cli import places
    from ldn_print.overview import make_overview
    from ldn_print.report import overview_to_dict, to_json

    rows = make_overview(places.press())
    if as_json:
        click.echo(to_json("list", overview_to_dict(rows)))
    else:
        click.echo(_overview_table(rows))
    return 0


def _overview_table(rows: Sequence[Row]) -> str:
    """Return the overview as a table of plain text, a line per handout and edition."""
    if not rows:
        return "There are no handouts."
    head = ["handout", "edition", *(cell.language.tag for cell in rows[0].cells)]
    lines = [
        head,
        *([row.publication.id, row.leaflet.edition, *(_state(cell) for cell in row.cells)] for row in rows),
    ]
    return format_table(lines)


def _state(cell: Cell) -> str:
    return f"{cell.missing} missing" if cell.state == "incomplete" else cell.state
