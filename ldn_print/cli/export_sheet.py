"""``ldn-print export``: a language as a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("tag", metavar="TAG")
@click.option("--format", "kind", type=click.Choice(("xlsx",)), default="xlsx", help="XLSX: Excel, LibreOffice.")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Default: ldn_print-TAG.xlsx here."
)
def command(tag: str, kind: str, output: Path | None) -> int:
    """Write a language's messages to a spreadsheet, to be translated there and read back with 'import'.

    Each row tells where its message stands and how much room it has on the page. Only translation, state and note
    can be written. The room is measured on the English pages; the first time that takes some seconds.
    """
    from ldn_print.budgets import measure_budgets
    from ldn_print.cli import places
    from ldn_print.cli.progress import progress
    from ldn_print.exchange import make_export
    from ldn_print.files import write_file

    press = places.press()
    (language,) = places.languages([tag])
    with progress("Measuring") as tell:
        budgets = measure_budgets(press, tell=tell)
    path = output or Path(f"ldn_print-{language.tag}.{kind}")
    write_file(path, make_export(press, language, budgets))
    click.echo(f"{path}: written, {len(press.extractor.library)} messages")
    return 0
