"""``ldn-print extract``: write the template catalog."""

from __future__ import annotations

import click


@click.command()
def command() -> int:
    """Write the messages of all templates and handouts to locales/ldn_print.pot.

    A template that cannot be read stops the command: nothing is left out in silence.
    """
    from ldn_print.cli import places
    from ldn_print.files import write_file
    from ldn_print.update import plan_round

    (change,) = plan_round(places.press(), ())
    changed = change.changed
    if changed:
        write_file(change.path, change.data)
    click.echo(f"{change.path}: {'written' if changed else 'unchanged'}")
    return 0
