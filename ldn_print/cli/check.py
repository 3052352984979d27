"""``ldn-print check``: every check of the sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ldn_print.press import Press


@click.command()
@click.option("-l", "--language", "tags", multiple=True, metavar="TAG", help="Only the catalog of this language.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option(
    "--report",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Also write a page of HTML per leaflet: reading grade, long sentences, hard words.",
)
def command(tags: tuple[str, ...], as_json: bool, folder: Path | None) -> int:
    """Check handouts, tools and catalogs: claims, words, form, reading grade, evidence, codes, translations.

    Silent when all is well; else a line per finding with file and line, and exit code 1 for errors. A date
    that has passed is a warning.
    """
    from datetime import date

    from ldn_print.cli import places
    from ldn_print.errors import ExitCode
    from ldn_print.report import findings_to_dict, to_json
    from ldn_print.review import review, review_languages

    press = places.press()
    chosen = places.languages(tags)
    findings = review_languages(press, chosen) if chosen else review(press, date.today())
    if as_json:
        click.echo(to_json("check", findings_to_dict(findings)))
    else:
        for finding in findings:
            click.echo(f"{'' if finding.is_error else 'warning: '}{finding}")
    if folder is not None:
        _write_pages(press, folder)
    return ExitCode.FINDINGS if any(finding.is_error for finding in findings) else ExitCode.GOOD


def _write_pages(press: Press, folder: Path) -> None:
    """Write the readability page of every handout, and say where they are."""
    from ldn_print.extract import library_leaflets
    from ldn_print.files import prepare_folder, write_file
    from ldn_print.readability_page import render_readability

    prepare_folder(folder)
    leaflets = library_leaflets(press.settings.library)
    for leaflet in leaflets:
        page = render_readability(press.publication(leaflet), press.extractor.messages(leaflet))
        write_file(folder / f"{leaflet.name}.{leaflet.edition}.readability.html", page.encode())
    click.echo(f"{folder}: {len(leaflets)} pages written", err=True)
