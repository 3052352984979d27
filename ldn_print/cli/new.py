"""``ldn-print new``: start a handout or a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ldn_print.languages import Language
    from ldn_print.scaffold import NewFile


@click.command()
@click.argument("kind", type=click.Choice(("handout", "language")))
@click.argument("name")
def command(kind: str, name: str) -> int:
    r"""Start a new handout called NAME, or a new language with the tag NAME.

    A handout's files build and pass 'check' from the first minute. A language gets its row in the registry, an
    empty catalog and a term base. Both times you are told what is to do.

    \b
    ldn-print new handout back-pain
    ldn-print new language de
    """
    return _new_handout(name) if kind == "handout" else _new_language(name)


def _new_handout(name: str) -> int:
    from datetime import date

    from ldn_print.cli import places
    from ldn_print.scaffold import find_marks, plan_handout

    files = plan_handout(places.library(), name, date.today())
    _write(files)
    click.echo("Still to do:")
    for mark in (mark for file in files for mark in find_marks(file)):
        click.echo(f"  {mark}")
    return 0


def _new_language(tag: str) -> int:
    from ldn_print.cli import places
    from ldn_print.files import write_file
    from ldn_print.scaffold_language import plan_language
    from ldn_print.update import plan_round

    press = places.press()
    started = plan_language(press.settings.library, tag)
    language = started.language
    if language.is_source:
        raise click.UsageError("English is the source: it has no catalog.")
    catalog = plan_round(press, (language,))[1]
    _write(started.files)
    is_new = not catalog.path.is_file()
    if is_new:
        write_file(catalog.path, catalog.data)
    click.echo(f"{catalog.path}: {'written' if is_new else 'is there already, left as it is'}")
    _tell_next_steps(language, press.settings.library.terms(language.locale).name)
    return 0


def _write(files: tuple[NewFile, ...]) -> None:
    from ldn_print.files import write_file

    for file in files:
        write_file(file.path, file.text.encode())
        click.echo(f"{file.path}: written")


def _tell_next_steps(language: Language, terms: str) -> None:
    from ldn_print.engine.fonts import missing_families

    lines = [f"{language.label}: {language.direction}, {language.plural_count} plural forms (Unicode CLDR)"]
    lacking = {family: name for family, name in missing_families().items() if family in language.script.fonts}
    lines += [f"font {family}: {'missing' if family in lacking else 'found'}" for family in language.script.fonts]
    lines += [f"  mend it with: apt-get install {package}" for package in set(lacking.values())]
    lines += [
        "What to do next:",
        f"  1. Fill in {terms}: words for medicines, units, times and actions, and the words that say no.",
        "  2. Translate the catalog in Poedit or Weblate, or with 'ldn-print export' in a spreadsheet.",
        f"  3. See it: ldn-print preview {language.tag} fibromyalgia",
        f"  4. See what is left: ldn-print status {language.tag}",
        f"     and what is wrong: ldn-print check -l {language.tag}",
        f"  5. Print: ldn-print build fibromyalgia -l {language.tag}",
    ]
    click.echo("\n".join(lines))
