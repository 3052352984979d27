"""``ldn-print preview``: pages with message ids, and a booklet for reviewers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ldn_print.budgets import Budget
    from ldn_print.context import Place
    from ldn_print.countries import Paper
    from ldn_print.languages import Language
    from ldn_print.models import Leaflet
    from ldn_print.press import Press

    Helps = tuple[Mapping[str, Place], Mapping[str, Budget]]

_POLL_SECONDS = 0.1


@click.command()
@click.argument("tag", metavar="TAG")
@click.argument("names", nargs=-1, metavar="[HANDOUT|TOOL]...")
@click.option(
    "-e", "--edition", type=click.Choice(("standard", "guide")), default="standard", help="Sheet or guide."
)
@click.option("--paper", type=click.Choice(("letter", "a4")), default="letter")
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), default=Path("preview"))
@click.option("--watch", is_flag=True, help="Write the pages again each time a catalog or a template is saved.")
def command(tag: str, names: tuple[str, ...], edition: str, paper: Paper, output: Path, watch: bool) -> int:
    r"""Show a language's pages with every message marked, and a booklet for reviewers, as HTML and PDF.

    Without a name: the handout for anyone, low-dose-naltrexone. What is missing shows as its id.

    \b
    ldn-print preview es-US fibromyalgia
    ldn-print preview es-US fibromyalgia --watch
    """
    from ldn_print.budgets import measure_budgets
    from ldn_print.cli import places
    from ldn_print.context import find_places

    press = places.press()
    (language,) = places.languages([tag])
    leaflets = list(_choose(press, names, edition))
    helps = (find_places(press), measure_budgets(press, tuple(leaflets)))
    folder = output / language.tag
    for leaflet in leaflets:
        for path in _write(press, leaflet, language, paper, helps, folder, watch):
            click.echo(str(path))
    if watch:
        _watch(press, leaflets, language, paper, helps, folder)
    return 0


def _choose(press: Press, names: tuple[str, ...], edition: str) -> Iterator[Leaflet]:
    from ldn_print.models import GENERAL, Leaflet

    library = press.settings.library
    for name in names or (GENERAL,):
        if name in library.tool_ids():
            yield Leaflet.of_tool(name)
        else:
            yield Leaflet(library.require_handout(name), edition)  # type: ignore[arg-type]  # one of click's choices


def _write(
    press: Press, leaflet: Leaflet, language: Language, paper: Paper, helps: Helps, folder: Path, watch: bool
) -> Iterator[Path]:
    """Write a leaflet's booklet and yield its files: as HTML, and as PDF where nobody waits for it."""
    from ldn_print.booklet import booklet_pdf
    from ldn_print.files import prepare_folder, write_file
    from ldn_print.preview import make_booklet, to_one_file

    prepare_folder(folder)
    booklet = make_booklet(press, leaflet, language, paper, helps)
    path = folder / f"{leaflet.name}.{leaflet.edition}.html"
    write_file(path, to_one_file(booklet, watched=watch).encode())
    yield path
    if watch:
        write_file(path.with_suffix(".html.js"), f"window.written = {time.time()};".encode())
    else:
        write_file(path.with_suffix(".pdf"), booklet_pdf(booklet, press.settings.cache_folder))
        yield path.with_suffix(".pdf")


def _watch(
    press: Press, leaflets: list[Leaflet], language: Language, paper: Paper, helps: Helps, folder: Path
) -> None:
    """Write the pages again when a source is saved, until somebody presses Ctrl-C."""
    from ldn_print.cli import places
    from ldn_print.errors import LdnPrintError
    from ldn_print.watch import find_changed, read_stamps

    click.echo("Watching. Open the page in a browser; it follows. Ctrl-C ends.")
    seen = read_stamps(press.library)
    while True:
        try:
            time.sleep(_POLL_SECONDS)
            now = read_stamps(press.library)
            changed = find_changed(seen, now)
            if not changed:
                continue
            seen = now
            if all(path.is_relative_to(press.settings.library.locales) for path in changed):
                press.forget_catalogs()
            else:
                press = places.press()
            started = time.perf_counter()
            for leaflet in leaflets:
                list(_write(press, leaflet, language, paper, helps, folder, watch=True))
            click.echo(f"written again in {time.perf_counter() - started:.2f} s")
        except LdnPrintError as problem:
            click.echo(f"ldn-print: {problem}", err=True)
        except KeyboardInterrupt:
            return
