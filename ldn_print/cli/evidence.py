"""``ldn-print evidence``: what a handout rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldn_print.models import Handout


@click.command()
@click.argument("handouts", nargs=-1, metavar="[HANDOUT]...")
def command(handouts: tuple[str, ...]) -> int:
    """Show level, direction and sources of handouts, each source with its status.

    V: the record itself was seen. V2: seen second-hand, to be opened before it is called checked.
    """
    from ldn_print.cli import places
    from ldn_print.content import load_handout, load_references

    library = places.library()
    references = load_references(library)
    chosen = tuple(map(library.require_handout, handouts)) or library.handout_ids()
    for handout_id in chosen:
        click.echo("\n".join(format_evidence(load_handout(library, handout_id, references))))
    return 0


def format_evidence(handout: Handout) -> Iterator[str]:
    """Yield the lines that tell what a handout rests on."""
    from ldn_print.models import LEVELS

    evidence = handout.evidence
    yield f"{handout.id}: level {evidence.level} ({LEVELS[evidence.level]}), {evidence.direction}"
    for reference in handout.references:
        yield f"  {reference.status:2}  {reference.key}: {reference.citation}"
