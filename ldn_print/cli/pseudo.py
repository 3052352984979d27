"""``ldn-print pseudo``: the library in made-up languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ldn_print.countries import Paper
    from ldn_print.models import Edition
    from ldn_print.pseudo import Kind

_KINDS = ("accented", "mirrored", "longest")


@click.command()
@click.argument("names", nargs=-1, metavar="[HANDOUT]...")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Default: all three.")
@click.option("--grow", default=40, metavar="PERCENT", type=click.IntRange(0, 200), help="Of 'accented'; 40.")
@click.option("-e", "--edition", type=click.Choice(("standard", "guide", "large-print")), default="standard")
@click.option("--paper", type=click.Choice(("letter", "a4")), default="letter")
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), default=Path("pseudo"))
def command(
    names: tuple[str, ...], kinds: tuple[Kind, ...], grow: int, edition: Edition, paper: Paper, output: Path
) -> int:
    """Print handouts in made-up languages through every check of a page, to see what a long one would break.

    'accented' is English, longer by --grow; 'mirrored' runs from right to left; 'longest' is message by message as
    long as the longest translation. The pages are written whatever is found; a finding makes the exit code 1.
    """
    from ldn_print.cli import places
    from ldn_print.errors import ExitCode
    from ldn_print.files import prepare_folder, write_file
    from ldn_print.models import GENERAL, Leaflet
    from ldn_print.pseudo import pseudo_language, pseudo_press

    settings = places.press().settings
    press = pseudo_press(settings, grow / 100)
    found = 0
    for kind in kinds or _KINDS:
        language = pseudo_language(kind)  # type: ignore[arg-type]  # one of click's choices
        for name in names or (GENERAL,):
            leaflet = Leaflet(settings.library.require_handout(name), edition)
            made = press.draft(leaflet, language, paper)
            path = output / kind / f"{name}.{edition}.{paper}.pdf"
            prepare_folder(path.parent)
            write_file(path, made.data)
            room = ", ".join(f"part {number} {left:+.0f} mm" for number, left in enumerate(made.spare_mm, start=1))
            click.echo(f"{path}: {made.pages} pages; room: {room}")
            for finding in made.findings:
                click.echo(f"  {finding}")
            found += len(made.findings)
    return ExitCode.FINDINGS if found else ExitCode.GOOD
