"""``ldn-print list``: leaflets × languages with their state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from ldn_print.cli.table import format_table


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(as_json: bool) -> int:
    """List handouts, tools and languages, and what can be printed.

    'draft' prints, and every page says that nobody has signed it yet.
    """
    from ldn_print.cli import places
    from ldn_print.listing import load_listing

    body = load_listing(places.settings())
    if as_json:
        from ldn_print.report import to_json

        click.echo(to_json("list", body))
    else:
        click.echo(_table(body["leaflets"]))
    return 0


def _table(leaflets: Sequence[Mapping[str, Any]]) -> str:
    """Return the overview as a table of plain text, a line per handout and edition."""
    if not leaflets:
        return "There are no handouts."
    head = ["handout", "edition", *leaflets[0]["languages"]]
    lines = [[row["id"], row["edition"], *map(_state, row["languages"].values())] for row in leaflets]
    return format_table([head, *lines])


def _state(cell: Mapping[str, Any]) -> str:
    return f"{cell['missing']} missing" if cell["state"] == "incomplete" else str(cell["state"])
