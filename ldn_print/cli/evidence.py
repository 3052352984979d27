"""``ldn-print evidence``: what a handout claims, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ldn_print.messages import SourceMessage
    from ldn_print.models import Handout, Reference


@click.command()
@click.argument("handouts", nargs=-1, metavar="[HANDOUT]...")
def command(handouts: tuple[str, ...]) -> int:
    """Show claims, level and direction of handouts, and each source with its status.

    V: the record itself was seen. V2: seen second-hand, to be opened before it is called checked.
    """
    from ldn_print.cli import places

    press = places.press()
    library = press.settings.library
    chosen = tuple(map(library.require_handout, handouts)) or library.handout_ids()
    for handout_id in chosen:
        claims = press.extractor.block(handout_id, "studies")
        click.echo("\n".join(format_evidence(press.handout(handout_id), claims)))
    return 0


def format_evidence(handout: Handout, claims: Sequence[SourceMessage]) -> Iterator[str]:
    """Yield the lines that tell what a handout claims and what that rests on."""
    from ldn_print.messages import with_examples
    from ldn_print.models import LEVELS

    evidence = handout.evidence
    yield f"{handout.id}: level {evidence.level} ({LEVELS[evidence.level]}), {evidence.direction}"
    for claim in claims:
        yield f"  says: {with_examples(claim)}"
    for reference in handout.references:
        yield from _format_reference(reference)


def _format_reference(reference: Reference) -> Iterator[str]:
    people = f", {reference.people} people" if reference.people else ""
    yield f"  {reference.status:2}  {reference.key}: {reference.citation}"
    yield f"      {reference.design}{people}, {reference.dose}. {reference.outcome}"
    yield f"      Seen at {reference.seen}; look again by {reference.recheck}"
