"""``ldn-print withdraw``: say that words must not be printed any more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ldn_print.cli.signer import ask, language_of, leaflets_of, open_press, signer_options

if TYPE_CHECKING:
    from ldn_print.ledger import Role


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="HANDOUT|TOOL...")
@signer_options
def command(
    names: tuple[str, ...],
    tag: str,
    editions: tuple[str, ...],
    role: Role,
    reviewer: str,
    note: str,
    key: Path | None,
    clinic: Path | None,
    yes: bool,
) -> int:
    r"""Withdraw the words of a handout as they are now: they are never printed again, under no policy.

    --note says why. Withdrawn English takes its translations with it. 'ldn-print recall' tells which sheets
    carried the words; changed words are new words, and can be approved.

    \b
    ldn-print withdraw fibromyalgia --role pharmacist --reviewer example-2 --note "Wrong time after opioids."
    """
    from ldn_print.signing import find_signer, make_offer, withdraw
    from ldn_print.wording import short

    press = open_press(clinic)
    signer = find_signer(press.approvals, reviewer, role, key, press.settings.today)
    language = language_of(tag)
    for leaflet in leaflets_of(press, names, editions):
        offer = make_offer(press.approvals, leaflet, language)
        ask(f"{offer.place}: never print these words again?", yes=yes)
        withdraw(press.approvals, offer, signer, note)
        click.echo(f"{offer.place}: withdrawn, {short(offer.wording.digest)}: {note}")
    return 0
