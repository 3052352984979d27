"""``ldn-print chooser``: the page for the front desk on which a reader points at their language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ldn_print.countries import Paper


@click.command()
@click.option("--paper", type=click.Choice(("letter", "a4")), help="Paper size; default is the country's.")
@click.option(
    "--clinic", metavar="FILE", type=click.Path(path_type=Path), help="The clinic's profile, clinic.toml."
)
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(path_type=Path), default=Path("out"), help="Default: out."
)
def command(paper: Paper | None, clinic: Path | None, output: Path) -> int:
    """Print a page for the front desk: every language that can be printed, by its own name, to point at."""
    from ldn_print.cli import places
    from ldn_print.files import prepare_folder, write_file

    press = places.press(clinic)
    paper = paper or press.settings.clinic.paper
    made = press.chooser(paper)
    for finding in made.findings:
        click.echo(str(finding) if finding.is_error else f"warning: {finding}", err=True)
    if not made.data:
        return 1
    prepare_folder(output)
    path = output / f"chooser.{paper}.pdf"
    write_file(path, made.data)
    click.echo(str(path))
    return 0
