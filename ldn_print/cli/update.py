"""``ldn-print update``: bring the languages' catalogs up to the templates."""

from __future__ import annotations

import click


@click.command()
@click.argument("languages", nargs=-1, metavar="[TAG]...")
def command(languages: tuple[str, ...]) -> int:
    """Bring catalogs up to the templates: new messages are added empty, unused ones go.

    Without a TAG all catalogs are updated; with one, a missing catalog is started. No translation is
    ever guessed from a similar message: where the English changed, the message is empty, and the English and the
    translation it had stand above it.
    """
    from ldn_print.cli import places
    from ldn_print.files import write_file
    from ldn_print.languages import get_language
    from ldn_print.update import plan_round

    press = places.press()
    chosen = [get_language(tag) for tag in languages] or list(press.catalogs.available())
    for change in plan_round(press, chosen):
        changed = change.changed
        if changed:
            write_file(change.path, change.data)
        counts = f" ({change.added} added, {change.removed} removed)" if change.added or change.removed else ""
        click.echo(f"{change.path}: {'written' if changed else 'unchanged'}{counts}")
    return 0
