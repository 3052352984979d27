"""``ldn-print build``: print handouts and tools as PDF."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from ldn_print.build import BuildReport, Request
    from ldn_print.executors import Executor
    from ldn_print.jobs import Settings
    from ldn_print.models import Edition, Format, Leaflet, Policy
    from ldn_print.project import Library

PLAN = "dose-plan"
_PAPERS = ("letter", "a4", "both")


@click.command()
@click.argument("names", nargs=-1, metavar="[HANDOUT|TOOL]...")
@click.option(
    "-e",
    "--edition",
    "editions",
    multiple=True,
    type=click.Choice(("standard", "guide", "large-print", "summary", "bilingual", "packet", "card")),
    help="The sheet (standard, the default), the pages that tell more, large print, page 1 alone, the clinic's "
    "language beside the reader's, the handouts you name in one file, or the wallet card.",
)
@click.option(
    "--with", "tools", metavar="TOOL,...", default="", help="Tools behind each handout, as in 'diary,card'."
)
@click.option(
    "--schedule", metavar="FILE", type=click.Path(path_type=Path), help="The prescriber's dose plan, plan.toml."
)
@click.option("-l", "--language", "languages", multiple=True, metavar="TAG", help="A language, as in 'es-US'.")
@click.option(
    "--all-languages", is_flag=True, help="Every language that has a catalog; refuse what is incomplete."
)
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(("pdf", "html", "text")),
    help="PDF (the default), a page for screens, or plain text.",
)
@click.option("--paper", type=click.Choice(_PAPERS), help="Paper size; default is the country's.")
@click.option(
    "--clinic", metavar="FILE", type=click.Path(path_type=Path), help="The clinic's profile, clinic.toml."
)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("out"),
    help="Default: out.",
)
@click.option(
    "--patient",
    metavar="-|fd:N",
    default="",
    help="Read a patient's name, plan and note from standard input or a file descriptor; nothing of it is kept.",
)
@click.option("--policy", type=click.Choice(("mark", "approved")), help="Mark unapproved sheets, or refuse them.")
@click.option("--draft", is_flag=True, help="For translators: show missing messages as holes.")
@click.option("-j", "--jobs", type=click.IntRange(1, 64), metavar="N", help="Processes; default is one per core.")
@click.option(
    "--executor",
    type=click.Choice(("local", "dask")),
    default="local",
    help="Where pages are made: on this machine (the default), or on the workers of a Dask cluster.",
)
@click.option("--scheduler", metavar="ADDRESS", default="", help="The cluster's, as in tcp://host:8786.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(as_json: bool, executor: str, scheduler: str, **options: object) -> int:
    r"""Print handouts as PDF: every handout in every complete language, or those you name.

    \b
    ldn-print build
    ldn-print build fibromyalgia --language es-US --clinic clinic.toml
    ldn-print build fibromyalgia --edition guide --with dose-plan,card
    ldn-print build diary
    """
    _check_cluster(executor == "dask", scheduler, options)
    settings, request = _read_options(**options)  # type: ignore[arg-type]  # click's names and types
    from ldn_print.build import run_build
    from ldn_print.cli.progress import progress

    with progress("Printing") as tell:
        report = run_build(settings, request, tell, _dask(settings, scheduler) if scheduler else None)
    _show(report, as_json)
    return int(report.exit_code)


def _check_cluster(is_dask: bool, scheduler: str, options: dict[str, object]) -> None:
    """Refuse what does not go with a cluster, before anything is read.

    Raises:
        click.UsageError: what was asked for contradicts itself, or would send a patient's data to other machines.
    """
    if is_dask != bool(scheduler):
        raise click.UsageError("--executor dask and --scheduler tcp://HOST:8786 go together: name both.")
    if is_dask and not re.fullmatch(r"(tcp|tls|ucx|ws|wss)://[^\s/]+:\d+", scheduler):
        raise click.UsageError(f"--scheduler {scheduler}: is no address as in tcp://host:8786 or tls://host:8786.")
    if is_dask and (options["patient"] or options["schedule"]):
        raise click.UsageError(
            "--patient and --schedule do not go with --executor dask: what is filled in for a patient never "
            "leaves this machine. Print it with --executor local."
        )
    if is_dask and options["jobs"]:
        raise click.UsageError("--jobs is for this machine: how much a cluster does at once, its workers decide.")


def _dask(settings: Settings, scheduler: str) -> Executor:
    """Return what runs jobs on a cluster.

    Raises:
        ClusterError: Dask is not installed.
    """
    from ldn_print.errors import ClusterError

    try:
        from ldn_print.cluster.executor import DaskExecutor
    except ModuleNotFoundError as problem:
        raise ClusterError(
            f"--executor dask: Dask is not installed here ({problem})\n"
            "  Install it: ./ldn-print --set-up requirements-test.lock, or without a source tree "
            "pip install 'ldn-print[cluster]'"
        ) from problem
    return DaskExecutor(settings, scheduler, lambda text: click.echo(text, err=True))


def _read_options(
    names: tuple[str, ...],
    editions: tuple[Edition, ...],
    tools: str,
    schedule: Path | None,
    languages: tuple[str, ...],
    all_languages: bool,
    formats: tuple[Format, ...],
    paper: str | None,
    clinic: Path | None,
    output: Path,
    patient: str,
    policy: str | None,
    draft: bool,
    jobs: int | None,
) -> tuple[Settings, Request]:
    """Return what was asked for, in the words of the package.

    Raises:
        LdnPrintError: a handout, a language or the clinic's profile is not usable.
    """
    from dataclasses import replace

    from ldn_print.build import Request
    from ldn_print.cli import places
    from ldn_print.clinic import default_clinic, load_clinic
    from ldn_print.jobs import Settings
    from ldn_print.locales import available_languages
    from ldn_print.personal import parse_personal
    from ldn_print.schedule import load_schedule

    if languages and all_languages:
        raise click.UsageError("--language and --all-languages exclude each other. Use one of them.")
    library = places.library()
    profile = load_clinic(clinic) if clinic else default_clinic()
    if policy:
        profile = replace(profile, policy=cast("Policy", policy))
    chosen = places.languages(languages)
    request = Request(
        leaflets=_choose_leaflets(library, names, editions, tools),
        languages=available_languages(library) if all_languages else chosen,
        papers=("letter", "a4") if paper == "both" else (paper or profile.paper,),  # type: ignore[arg-type]
        formats=tuple(dict.fromkeys(formats)) or ("pdf",),
        output=output,
        workers=jobs or os.cpu_count() or 1,
    )
    plan = None
    if schedule is not None:
        if not any(PLAN in leaflet.tools for leaflet in request.leaflets):
            raise click.UsageError(f"--schedule fills in the {PLAN}: name it, or add --with {PLAN}.")
        plan = load_schedule(schedule, profile)
    settings = Settings(library, profile, places.cache_folder(), draft, plan)
    if patient:
        if any(leaflet.is_tool for leaflet in request.leaflets) or request.formats != ("pdf",) or draft:
            raise click.UsageError("--patient goes with handouts as PDF, and not with --draft.")
        settings = replace(settings, personal=parse_personal(_read_stream(patient), profile))
    return settings, request


def _read_stream(name: str) -> str:
    """Return what stands in standard input or a file descriptor: patient data has no other way in."""
    number = 0 if name == "-" else int(name.removeprefix("fd:")) if re.fullmatch(r"fd:\d+", name) else -1
    if number < 0:
        raise click.UsageError(
            "--patient takes '-' (standard input) or 'fd:3' (a file descriptor): what stands in a command "
            "shows in lists of processes and in the shell's history."
        )
    try:
        with os.fdopen(number, "rb", closefd=False) as stream:
            return stream.read().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise click.UsageError(f"--patient {name}: cannot be read as UTF-8 text.") from None


def _choose_leaflets(
    library: Library, names: tuple[str, ...], editions: tuple[Edition, ...], with_tools: str
) -> tuple[Leaflet, ...]:
    """Return what is printed: handouts in their editions with tools behind them, and tools alone.

    Raises:
        ContentError: a name is neither a handout nor a tool.
    """
    from ldn_print.models import MOST_IN_PACKET, Leaflet

    behind = {library.require_tool(name.strip()) for name in with_tools.split(",") if name.strip()}
    leaflets = [Leaflet.of_tool("card")] if "card" in editions else []
    if "packet" in editions:
        together = tuple(dict.fromkeys(map(library.require_handout, names)))
        if not 1 < len(together) <= MOST_IN_PACKET:
            raise click.UsageError(f"--edition packet: name two to {MOST_IN_PACKET} handouts for one file.")
        leaflets.append(Leaflet.of_packet(together, tuple(sorted(behind))))
    editions = tuple(edition for edition in editions if edition not in ("packet", "card"))
    if leaflets and not editions:
        return tuple(leaflets)
    for name in names or library.handout_ids():
        if name in library.tool_ids():
            leaflets.append(Leaflet.of_tool(name))
            continue
        handout = library.require_handout(name)
        leaflets += [Leaflet(handout, edition, tuple(sorted(behind))) for edition in editions or ("standard",)]
    return tuple(dict.fromkeys(leaflets))


def _show(report: BuildReport, as_json: bool) -> None:
    from ldn_print.cli.told import tell_build
    from ldn_print.report import build_to_dict, to_json

    if as_json:
        click.echo(to_json("build", build_to_dict(report)))
        return
    for built in report.built:
        click.echo(str(built.path))
    tell_build(report)
