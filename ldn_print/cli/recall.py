"""``ldn-print recall``: which released sheets carried certain words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ldn_print.cli.table import format_table
from ldn_print.cli.verify import find_releases, releases_option


@click.command()
@click.option(
    "--message", default="", metavar="TEXT", help="A sentence in any language, or part of it, or its id."
)
@click.option("--section", default="", metavar="ID", help="A section, as in 'help' or 'studies'.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Made on this day or later.")
@releases_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(message: str, section: str, since: date | None, shelves: tuple[Path, ...], as_json: bool) -> int:
    r"""List every released sheet that carried a sentence or a section, or was made since a day.

    A sentence that is found in one language is found in all: sheets are matched by the message, not by its
    letters.

    \b
    ldn-print recall --message "Take no LDN."
    ldn-print recall --section help --since 2026-12-01
    """
    from datetime import datetime

    from ldn_print.cli import places
    from ldn_print.report import carriers_to_dict, to_json
    from ldn_print.verification import find_carriers

    if not (message or section or since):
        raise click.UsageError("say what to look for: --message, --section or --since.")
    day = since.date() if isinstance(since, datetime) else since
    releases = find_releases(places.library(), shelves)
    found = find_carriers(releases, message, section, day)
    if as_json:
        click.echo(to_json("recall", carriers_to_dict(found)))
        return 0
    if not releases:
        click.echo("No release is there: 'ldn-print manifest' keeps what a build made.", err=True)
    rows = [
        [
            *(row.sheet.code, row.sheet.leaflet, row.sheet.edition, row.sheet.language, row.sheet.paper),
            *(row.sheet.format, row.sheet.version, row.sheet.made.isoformat(), row.sheet.state),
        ]
        for row in found
    ]
    if rows:
        head = ["code", "handout", "edition", "language", "paper", "format", "version", "made", "state then"]
        click.echo(format_table([head, *rows]))
    for what in dict.fromkeys(text for row in found for text in row.what):
        click.echo(f"carried: {what}", err=True)
    click.echo(f"{len(rows)} sheets of {sum(len(row.sheets) for row in releases)}", err=True)
    return 0
