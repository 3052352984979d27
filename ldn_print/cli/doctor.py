"""``ldn-print doctor``: what is missing on this machine."""

from __future__ import annotations

import click


@click.command()
def command() -> int:
    """Look at this machine: what is missing, and the command that mends it."""
    from ldn_print.cli import places
    from ldn_print.doctor import examine
    from ldn_print.errors import ExitCode

    checks = list(examine(places.cache_folder()))
    for check in checks:
        click.echo(f"{'ok     ' if check.good else 'MISSING'}  {check.name}: {check.fact}")
        if check.remedy:
            click.echo(f"         mend it with: {check.remedy}")
    if all(check.good for check in checks):
        click.echo("Everything is there.")
        return ExitCode.GOOD
    return ExitCode.FINDINGS
