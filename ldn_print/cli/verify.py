"""``ldn-print verify``: what a sheet is, by its code or its file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ldn_print.cli.signer import open_press

if TYPE_CHECKING:
    from ldn_print.project import Library
    from ldn_print.release import Release
    from ldn_print.verification import Identity, Verdict

_BYTES = {
    "genuine": "genuine: byte for byte the file that was made",
    "altered": "ALTERED: not the file that was made",
    "filled in": "a copy filled in for a patient; what it held is not kept, so it cannot be compared",
    "not compared": "not compared: give the file to know whether it was altered",
}


releases_option = click.option(
    "--releases",
    "shelves",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    metavar="DIR|FILE",
    help="A folder of releases or a build's manifest.json. Default: releases/ of the library, and out/.",
)


@click.command()
@click.argument("what", metavar="CODE|FILE")
@click.option(
    "--clinic", type=click.Path(path_type=Path), metavar="FILE", help="Read the clinic's own ledger too."
)
@releases_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(what: str, clinic: Path | None, shelves: tuple[Path, ...], as_json: bool) -> int:
    r"""Tell what a sheet is: its words, version and approvals then and now; current or not; genuine or altered.

    The code stands in the foot of each page; O and 0, I and 1, small letters and gaps do not matter. Exit code 0
    when the sheet may still be handed out, 1 when not, or when nothing is known of it.

    \b
    ldn-print verify 7K3M-9QTXC
    ldn-print verify sheet.pdf
    """
    from ldn_print.errors import ExitCode
    from ldn_print.report import identities_to_dict, to_json
    from ldn_print.verification import identify

    code, data = _read(what)
    press = open_press(clinic)
    releases = find_releases(press.library, shelves)
    try:
        found = identify(press.approvals, releases, code, data)
    except ValueError as problem:
        raise click.UsageError(f"{problem}.") from problem
    if as_json:
        click.echo(to_json("verify", identities_to_dict(found)))
    elif found:
        click.echo("\n\n".join(map(_describe, found)))
    else:
        looked = ", ".join(str(release.path) for release in releases) or "no manifest is there"
        click.echo(
            f"{code}: nothing is known of this sheet. Do not hand it out.\n  Looked in: {looked}.", err=True
        )
    return ExitCode.GOOD if found and all(row.is_good for row in found) else ExitCode.FINDINGS


def _read(what: str) -> tuple[str, bytes | None]:
    """Return the code that somebody typed or that a file carries, and the file.

    Raises:
        click.UsageError: the file carries none, or is not there.
    """
    from ldn_print.verification import find_code

    path = Path(what)
    if path.is_file():
        data = path.read_bytes()
        code = find_code(data)
        if not code:
            raise click.UsageError(f"{path}: no sheet of ldn-print: it carries no code.")
        return code, data
    if path.suffix:
        raise click.UsageError(f"{path}: there is no such file.")
    return what, None


def find_releases(library: Library, shelves: tuple[Path, ...]) -> tuple[Release, ...]:
    """Return the releases of some folders or files, or those of the library and of the folder ``out``.

    Raises:
        ContentError: a manifest cannot be read.
    """
    from ldn_print.release import read_releases

    return read_releases(shelves or (library.releases, Path("out")))


def _describe(found: Identity) -> str:
    """Return what is known of a sheet, a fact a line."""
    sheet = found.sheet
    lines = [
        f"{sheet.code}: {sheet.leaflet} ({sheet.edition}) in {sheet.language}, {sheet.paper}, {sheet.format}",
        f"  file      {_BYTES[found.bytes]}",
        f"  version   {sheet.version}, made {sheet.made}",
        f"  then      {sheet.state}, {len(sheet.signed)} signatures counted",
        f"  clinic    profile {sheet.clinic[:12]}",
        f"  on record {found.release.path}",
    ]
    for verdict in found.verdicts:
        lines += _describe_words(verdict)
    lines.append(f"  {_advice(found)}")
    return "\n".join(lines)


def _advice(found: Identity) -> str:
    if not found.is_good:
        return "DO NOT HAND IT OUT. Print a new one."
    if all(verdict.now and verdict.now.is_approved for verdict in found.verdicts):
        return "It may be handed out."
    return "It is the newest there is, and its words are not approved."


def _describe_words(verdict: Verdict) -> list[str]:
    from ldn_print.word_diff import as_text

    words = verdict.words
    name = f"{words.leaflet} ({words.edition}) in {words.language}"
    state = f", now {verdict.now.state}" if verdict.now else ", no longer in the library or not complete"
    if verdict.is_withdrawn:
        return [f"  words     {name}: WITHDRAWN{state}"]
    if verdict.is_current:
        return [f"  words     {name}: current{state}"]
    changes = [f"    {as_text(pieces)}" for pieces in verdict.changes]
    kept = (
        []
        if verdict.is_kept or not verdict.now
        else ["    what changed is not known: no release kept the old words"]
    )
    became = "changed, but not in meaning" if verdict.is_same_meaning else "SUPERSEDED"
    return [f"  words     {name}: {became}{state}", *changes, *kept]
