"""``ldn-print import``: a spreadsheet becomes part of a catalog."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what would change, and write nothing.")
def command(file: Path, dry_run: bool) -> int:
    """Read a spreadsheet of 'export' back into its language's catalog, and tell each change.

    A changed English cell, an unknown row, or a message that was changed in the catalog meanwhile refuses the
    whole file: nothing is half imported. What the guard finds is told; a build refuses it until it is mended.
    """
    from ldn_print.cli import places
    from ldn_print.errors import CatalogError, ExitCode
    from ldn_print.exchange import read_import
    from ldn_print.files import write_file
    from ldn_print.messages import shorten

    try:
        data = file.read_bytes()
    except OSError as problem:
        raise CatalogError(f"{file}: cannot be read: {problem.strerror}") from problem
    press = places.press()
    result = read_import(press, data, str(file))
    path = press.settings.library.catalog(result.language.locale)
    for change in result.changes:
        click.echo(f"{change.message.key.id}  {shorten(change.message.key.text)}")
        click.echo(f"  was: {shorten(change.before, 100)}\n  is:  {shorten(change.after, 100)}")
    if result.changes and not dry_run:
        write_file(path, result.data)
    verb = "would change" if dry_run else "changed"
    click.echo(f"{path}: {len(result.changes)} messages {verb}")
    for finding in result.findings:
        click.echo(str(finding), err=True)
    return ExitCode.FINDINGS if any(finding.is_error for finding in result.findings) else ExitCode.GOOD
