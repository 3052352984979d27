"""``ldn-print cache``: what is kept so that it need not be made again."""

from __future__ import annotations

import click


@click.command()
@click.option("--clear", "is_clearing", is_flag=True, help="Throw all of it away; it is made again when needed.")
def command(is_clearing: bool) -> int:
    """Show where finished pages and what was read are kept, and how much there is. No patient data is among it."""
    from ldn_print.cli import places
    from ldn_print.shelf import MOST_BYTES, clear, read_usage

    folder = places.cache_folder()
    if is_clearing:
        click.echo(f"{folder}: {clear(folder)} files thrown away")
        return 0
    usage = read_usage(folder)
    most = MOST_BYTES / 1_000_000
    click.echo(
        f"{folder}: {usage.entries} files, {usage.size / 1_000_000:.1f} MB; pages take {most:.0f} MB at most"
    )
    return 0
