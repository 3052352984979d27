"""What the commands that add a record have in common: their options, and whom and what these name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ldn_print.languages import Language
    from ldn_print.models import Leaflet
    from ldn_print.press import Press

_Function = Callable[..., object]
ROLES = ("prescriber", "pharmacist", "linguist", "reviser", "clinic")


def signer_options(command: _Function) -> _Function:
    """Add the options that say who signs which words."""
    options: tuple[Callable[[Any], Any], ...] = (
        click.option("-l", "--language", "tag", default="en", metavar="TAG", help="Default: en, the source."),
        click.option(
            "-e",
            "--edition",
            "editions",
            multiple=True,
            type=click.Choice(("standard", "guide")),
            help="The sheet (standard, the default; also for large print and bilingual) or the guide.",
        ),
        click.option("--role", type=click.Choice(ROLES), required=True, help="In which role somebody signs."),
        click.option("--reviewer", required=True, metavar="ID", help="Who signs: an id of reviewers.toml."),
        click.option("--note", default="", metavar="TEXT", help="What others should know."),
        click.option(
            "--key", type=click.Path(path_type=Path), metavar="FILE", help="The reviewer's private SSH key."
        ),
        click.option(
            "--clinic", type=click.Path(path_type=Path), metavar="FILE", help="Sign in the clinic's own ledger."
        ),
        click.option("--yes", is_flag=True, help="Do not ask; for scripts."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def open_press(clinic: Path | None) -> Press:
    """Return a press for the commands about approvals.

    Raises:
        LdnPrintError: there is no library, or the clinic's profile is not usable.
    """
    from dataclasses import replace

    from ldn_print.cli import places
    from ldn_print.clinic import default_clinic, load_clinic
    from ldn_print.jobs import Settings
    from ldn_print.press import Press

    profile = load_clinic(clinic) if clinic else default_clinic()
    # Who approves has to see pages that are not approved yet.
    profile = replace(profile, policy="mark")
    return Press(Settings(places.library(), profile, places.cache_folder()))


def leaflets_of(press: Press, names: tuple[str, ...], editions: tuple[str, ...]) -> tuple[Leaflet, ...]:
    """Return the leaflets that names and editions mean: a tool has one edition.

    Raises:
        ContentError: a name is neither a handout nor a tool.
    """
    from ldn_print.models import Leaflet

    found: list[Leaflet] = []
    for name in names:
        if name in press.library.tool_ids():
            found.append(Leaflet.of_tool(name))
        else:
            handout = press.library.require_handout(name)
            found += [Leaflet(handout, edition) for edition in editions or ("standard",)]  # type: ignore[arg-type]
    return tuple(dict.fromkeys(found))


def language_of(tag: str) -> Language:
    """Return the language that somebody named.

    Raises:
        LanguageError: it is not known.
    """
    from ldn_print.cli import places

    (language,) = places.languages((tag,))
    return language


def ask(question: str, *, yes: bool) -> None:
    """Go on when somebody says yes, or has said it in the command.

    Raises:
        click.Abort: they said no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is there to ask. Add --yes, and --criteria with what is attested.")
    click.confirm(question, abort=True, err=True)
