"""``ldn-print check``: every check of the sources."""

from __future__ import annotations

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(as_json: bool) -> int:
    """Check handouts and catalogs: claims, words, reading grade, evidence, codes, translations.

    Silent when all is well; else a line per finding with file and line, and exit code 1.
    """
    from ldn_print.cli import places
    from ldn_print.clinic import default_clinic
    from ldn_print.errors import ExitCode
    from ldn_print.press import Press, Settings
    from ldn_print.report import findings_to_dict, to_json
    from ldn_print.review import review

    findings = review(Press(Settings(places.library(), default_clinic(), places.cache_folder())))
    if as_json:
        click.echo(to_json("check", findings_to_dict(findings)))
    else:
        for finding in findings:
            click.echo(str(finding))
    return ExitCode.FINDINGS if findings else ExitCode.GOOD
