"""``ldn-print site``: a folder of all sheets with an index."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ldn_print.models import Edition
    from ldn_print.site import SiteReport

_NAMED = 3  # files that were taken away; more are counted


@click.command()
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(path_type=Path), default=Path("site"), help="Default: site."
)
@click.option(
    "--clinic", metavar="FILE", type=click.Path(path_type=Path), help="The clinic's profile, clinic.toml."
)
@click.option("--paper", type=click.Choice(("letter", "a4", "both")), help="Paper size; default is the country's.")
@click.option(
    "-e",
    "--edition",
    "editions",
    multiple=True,
    type=click.Choice(("standard", "guide", "large-print")),
    help="How deep each handout goes; default: standard and guide.",
)
@click.option("-j", "--jobs", type=click.IntRange(1, 64), metavar="N", help="Processes; default is one per core.")
def command(
    output: Path, clinic: Path | None, paper: str | None, editions: tuple[Edition, ...], jobs: int | None
) -> int:
    r"""Write a folder of all sheets, as PDF, for screens and as text, with an index in every language.

    It works from a shared folder or any web server; nothing has to run there. Written again, it takes away what is
    no longer part of it.

    \b
    ldn-print site --output site --clinic clinic.toml
    """
    from ldn_print.build import Request
    from ldn_print.cli import places
    from ldn_print.cli.progress import progress
    from ldn_print.models import Leaflet
    from ldn_print.site import run_site

    settings = places.settings(clinic)
    library = settings.library
    chosen = tuple(dict.fromkeys(editions)) or ("standard", "guide")
    handouts = (Leaflet(name, edition) for name in library.handout_ids() for edition in chosen)
    request = Request(
        leaflets=(*handouts, *map(Leaflet.of_tool, library.tool_ids())),
        languages=(),
        papers=("letter", "a4") if paper == "both" else (paper or settings.clinic.paper,),  # type: ignore[arg-type]
        output=output,
        workers=jobs or os.cpu_count() or 1,
        formats=("pdf", "html", "text"),
    )
    with progress("Printing") as tell:
        report = run_site(settings, request, tell)
    _show(report)
    return int(report.exit_code)


def _show(report: SiteReport) -> None:
    from ldn_print.cli.told import tell_build

    if report.entrance:
        click.echo(str(report.entrance))
    tell_build(report.build)
    for refusal in report.refused:
        click.echo(f"No index page in {refusal.language.tag}, and no way to its sheets from the others:", err=True)
        for finding in refusal.findings:
            click.echo(f"  {finding}", err=True)
    for path in report.stayed:
        click.echo(f"{path}: is no longer part of the site, but was changed by hand: it stays.", err=True)
    if report.removed:
        named = ", ".join(map(str, report.removed[:_NAMED]))
        more = len(report.removed) - _NAMED
        told = f"{named} and {more} more" if more > 0 else named
        click.echo(f"No longer part of the site, taken away: {told}", err=True)
