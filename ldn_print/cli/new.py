"""``ldn-print new``: start a handout."""

from __future__ import annotations

import click


@click.command()
@click.argument("kind", type=click.Choice(("handout",)))
@click.argument("name")
def command(kind: str, name: str) -> int:  # noqa: ARG001  # the one kind there is so far
    r"""Start a new handout called NAME: files that build and pass 'check', with what is to do.

    \b
    ldn-print new handout back-pain
    """
    from datetime import date

    from ldn_print.cli import places
    from ldn_print.files import write_file
    from ldn_print.scaffold import find_marks, plan_handout

    files = plan_handout(places.library(), name, date.today())
    for file in files:
        write_file(file.path, file.text.encode())
        click.echo(f"{file.path}: written")
    click.echo("Still to do:")
    for mark in (mark for file in files for mark in find_marks(file)):
        click.echo(f"  {mark}")
    return 0
