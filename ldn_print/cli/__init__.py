"""The command line: one file per command, loaded when it is used.

Only this room prints, exits or reads arguments and the environment.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches

import click

from ldn_print import __version__
from ldn_print.errors import ExitCode, LdnPrintError

_COMMANDS = {
    "build": "Print handouts as PDF.",
    "list": "Handouts and languages, and what can be printed.",
    "check": "Check handouts and catalogs; silent when all is well.",
    "serve": "Open the clinic desk in a browser: find, see, print.",
    "evidence": "What a handout rests on: level, direction, sources.",
    "specimen": "Print every component in every language, and every script, on a few pages.",
    "chooser": "Print a page for the front desk: every language, to point at.",
    "site": "Write a folder of all sheets with an index, for a web server or a shared folder.",
    "new": "Start a new handout or a new language.",
    "extract": "Write the messages of all templates to the template catalog.",
    "update": "Bring the languages' catalogs up to the templates.",
    "status": "How far each language is: translated, stale, missing, words left.",
    "export": "Write a language's messages to a spreadsheet.",
    "import": "Read a spreadsheet back into a language's catalog.",
    "approve": "Sign a handout's words.",
    "approvals": "Who approved what, and what is lacking.",
    "version": "Which version each handout is, and what to call a change.",
    "verify": "What a sheet is, by its code or its file: genuine, current, approved?",
    "manifest": "Keep what a build made, as a release.",
    "impact": "What a change of words does: pages, signatures, words to translate.",
    "recall": "Which released sheets carried a sentence or a section.",
    "withdraw": "Say that words must not be printed any more.",
    "preview": "Pages with message ids, and a booklet for reviewers.",
    "pseudo": "Print the library in made-up languages, to see what a long one would break.",
    "cache": "What is kept so that it need not be made again.",
    "doctor": "What is missing on this machine, and the command that mends it.",
}

_MODULES = {"import": "import_sheet", "export": "export_sheet"}  # "import" is a word of Python


class _LazyGroup(click.Group):
    """Knows its commands by name and loads one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"ldn_print.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            near = get_close_matches(name, _COMMANDS, 1, 0.5)
            hint = f"Did you mean {near[0]!r}?" if near else f"Commands: {', '.join(_COMMANDS)}."
            raise click.UsageError(f"no command {name!r}. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ldn-print")
def group() -> None:
    """Print patient handouts about low dose naltrexone, in many languages.

    'ldn-print build' makes every handout in every complete language.
    'ldn-print COMMAND --help' explains a command.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code (`errors.ExitCode`)."""
    sys.exit(int(run(arguments)))


def run(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code of a command; every error becomes words on stderr."""
    try:
        result = group.main(args=arguments, prog_name="ldn-print", standalone_mode=False)
        sys.stdout.flush()  # here a full disk can still be told
    except click.exceptions.Exit as problem:
        return problem.exit_code
    except click.UsageError as problem:
        problem.show()
        return ExitCode.USAGE
    except click.ClickException as problem:
        problem.show()
        return ExitCode.INPUT
    except LdnPrintError as problem:
        click.echo(f"ldn-print: {problem}", err=True)
        return problem.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nInterrupted. Files that were finished stay; nothing half-written is left.", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()  # the reader went away, and that is fine
        return ExitCode.GOOD
    except OSError as problem:
        _drop_stdout()
        click.echo(f"ldn-print: the output cannot be written: {problem.strerror or problem}", err=True)
        return ExitCode.WRITING
    except Exception:  # noqa: BLE001  # the last line of defence: a person never sees a traceback
        return _unexpected()
    return int(result) if isinstance(result, int) else ExitCode.GOOD


def _drop_stdout() -> None:
    """Send what is left in stdout nowhere, so that leaving does not fail on it a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unexpected() -> int:
    """Write a log that can be sent with a report, and say where it is."""
    from ldn_print.cli.places import cache_folder
    from ldn_print.faults import fault_text, write_fault

    try:
        where = f"What happened is in {write_fault(cache_folder())}: please send that file with your report."
    except LdnPrintError:
        where = fault_text()
    click.echo(f"ldn-print: something went wrong that should not. This is our fault.\n  {where}", err=True)
    return ExitCode.UNEXPECTED
