"""``ldn-print manifest``: keep what a build made."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("out"), metavar="[DIR]")
@click.option(
    "--releases",
    "shelf",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where releases are kept. Default: releases/ of the library.",
)
@click.option("--json", "as_json", is_flag=True, help="The release as one JSON object on stdout.")
def command(folder: Path, shelf: Path | None, as_json: bool) -> int:
    r"""Keep what a build wrote to DIR (default: out) as a release: each file's code and hash, and its words.

    'verify' and 'recall' look there. Nothing in it is about a patient. A file that was changed since it was
    built, or whose words the library no longer has, is refused.

    \b
    ldn-print build --output out
    ldn-print manifest out
    """
    from ldn_print.cli import places
    from ldn_print.release import release

    press = places.press()
    made = release(press, folder, shelf or press.library.releases)
    if as_json:
        click.echo(made.path.read_text(encoding="utf-8"), nl=False)
    click.echo(f"{made.path}: {len(made.sheets)} files, {len(made.carried)} wordings", err=as_json)
    return 0
