"""``ldn-print specimen``: every component in every language, for designers and translators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ldn_print.countries import Paper


@click.command()
@click.option(
    "--paper", type=click.Choice(("letter", "a4")), default="letter", help="Paper size; default: letter."
)
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(path_type=Path), default=Path("out"), help="Default: out."
)
def command(paper: Paper, output: Path) -> int:
    """Print sizes, rules and drawings, every part of a sheet in every complete language, and each script."""
    from ldn_print.cli import places
    from ldn_print.files import prepare_folder, write_file

    made = places.press().specimen(paper)
    for finding in made.findings:
        click.echo(str(finding), err=True)
    if made.findings:
        return 1
    prepare_folder(output)
    path = output / f"specimen.{paper}.pdf"
    write_file(path, made.data)
    click.echo(str(path))
    return 0
