"""Tells on stderr what became of a build, for the commands that make sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ldn_print.build import BuildReport


def tell_build(report: BuildReport) -> None:
    """Tell warnings, what was refused and what was left out, and in one sentence what was made."""
    from ldn_print.report import format_built, format_left_out, format_refused

    for built in report.built:
        for finding in built.result.findings:
            click.echo(f"warning: {finding}", err=True)
    if report.refused:
        click.echo(format_refused(report.refused), err=True)
    if report.left_out:
        click.echo(format_left_out(report.left_out), err=True)
    if report.built:
        click.echo(format_built(report), err=True)
