"""``ldn-print version``: which version each handout is, and what to call a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ldn_print.cli.table import format_table

if TYPE_CHECKING:
    from ldn_print.versions import Drift


@click.command()
@click.argument("names", nargs=-1, metavar="[HANDOUT|TOOL]...")
@click.option("--advice", metavar="WHAT", help="The advice is another one: the first number goes up.")
@click.option("--wording", metavar="WHAT", help="Words changed, the advice did not: the second number goes up.")
@click.option("--layout", metavar="WHAT", help="No words changed: the third number goes up.")
def command(names: tuple[str, ...], advice: str | None, wording: str | None, layout: str | None) -> int:
    r"""Show each handout's version, dates and changes; or give those that changed a new version.

    Whether words or layout changed is read from the pages, never guessed: what did not change keeps its version.
    Which kind of change it was, a person says, with a few words for the handout's own list of changes.

    \b
    ldn-print version
    ldn-print version fibromyalgia
    ldn-print version --wording "Plainer words for swallowing."
    """
    from ldn_print.cli import places
    from ldn_print.models import ChangeKind
    from ldn_print.versions import add_change, find_drift, next_change, version_file

    press = places.press()
    known = (*press.library.handout_ids(), *press.library.tool_ids())
    publications = [
        press.tool(name) if name in press.library.tool_ids() else press.handout(name) for name in names or known
    ]
    given: dict[ChangeKind, str | None] = {"advice": advice, "wording": wording, "layout": layout}
    kinds = [(kind, what) for kind, what in given.items() if what is not None]
    if len(kinds) > 1:
        raise click.UsageError("--advice, --wording and --layout exclude each other.")
    drifts = [find_drift(press, publication) for publication in publications]
    if not kinds:
        rows = [_row(drift) for drift in drifts]
        click.echo(format_table([["handout", "version", "issued", "review by", "since then"], *rows]))
        for publication in publications if names else ():
            click.echo(f"\n{publication.id}, of {publication.owner}:")
            for change in reversed(publication.changes):
                click.echo(f"  {change.version}  {change.day}  {change.kind}: {change.what}")
        return 0
    ((kind, what),) = kinds
    if not what.strip():
        raise click.UsageError(f"--{kind}: say what changed, in a few words.")
    today = press.settings.today
    wanted = [row for row in drifts if row.words or (kind == "layout" and row.layout)]
    changes = [(row, next_change(press, row, kind, what, today)) for row in wanted]
    for row, change in changes:
        path = version_file(press.library, row.publication)
        add_change(path, change)
        click.echo(f"{path}: {row.publication.version} is now {change.version}")
    if not changes:
        click.echo("Nothing changed since the last versions.")
    return 0


def _row(drift: Drift) -> list[str]:
    publication = drift.publication
    dates = (publication.issued.isoformat(), publication.review_by.isoformat())
    return [publication.id, publication.version, *dates, drift.text or "as it is"]
