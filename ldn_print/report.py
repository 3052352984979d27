"""Turns reports into versioned JSON and into words. Computes nothing, prints nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ldn_print import __version__
from ldn_print.errors import Diagnostic
from ldn_print.manifest import sheet_to_dict
from ldn_print.models import Handout, Publication
from ldn_print.word_diff import as_text

if TYPE_CHECKING:
    from ldn_print.approvals import ApprovalRow
    from ldn_print.build import BuildReport, LeftOut
    from ldn_print.impact import Impact, Touched
    from ldn_print.jobs import JobResult
    from ldn_print.overview import Row
    from ldn_print.status import LanguageStatus, Progress
    from ldn_print.verification import Carrier, Identity

_LISTED = 3  # more left-out handouts than these are counted, not named
SCHEMA = 3  # of the JSON; a changed or removed field makes it larger


def to_json(kind: str, body: dict[str, Any]) -> str:
    """Return a report as one JSON object that says what it is and which version of it."""
    return json.dumps(to_body(kind, body), ensure_ascii=False, indent=2)


def to_body(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return a report as plain data that says what it is and which version of it."""
    return {"ldn_print": __version__, "report": kind, "schema": SCHEMA, **body}


def build_to_dict(report: BuildReport) -> dict[str, Any]:
    """Return what a build made, refused and left out."""
    return {
        "built": [
            {
                **_job_to_dict(built.result),
                "path": str(built.path),
                "pages": built.result.pages,
                "bytes": len(built.result.data),
                "code": built.result.fingerprint,
                "state": built.result.state,
                "spare_mm": list(built.result.spare_mm),
                "warnings": [finding_to_dict(finding) for finding in built.result.findings],
            }
            for built in report.built
        ],
        "refused": [
            {
                **_job_to_dict(result),
                "error": str(result.error) if result.error else None,
                "findings": [finding_to_dict(finding) for finding in result.findings],
                "spare_mm": list(result.spare_mm),
                "lines": result.lines,
            }
            for result in report.refused
        ],
        "left_out": [
            {
                "handout": left.leaflet.name,
                "edition": left.leaflet.label,
                "language": left.language.tag,
                "missing": left.missing,
                "messages": left.total,
            }
            for left in report.left_out
        ],
        "exit_code": int(report.exit_code),
    }


def overview_to_dict(rows: Iterable[Row]) -> dict[str, Any]:
    """Return leaflets × languages with their state."""
    return {
        "leaflets": [
            {
                "id": row.publication.id,
                "edition": row.leaflet.edition,
                "title": row.publication.title,
                "version": row.publication.version,
                "review_by": row.publication.review_by.isoformat(),
                **_condition_to_dict(row.publication),
                "languages": {
                    cell.language.tag: {"state": cell.state, "missing": cell.missing, "messages": cell.total}
                    for cell in row.cells
                },
            }
            for row in rows
        ]
    }


def _condition_to_dict(publication: Publication) -> dict[str, Any]:
    """Return what only a handout has: the codes of its condition and its evidence."""
    if not isinstance(publication, Handout):
        return {}
    evidence = publication.evidence
    return {
        "icd10cm": list(publication.codes),
        "icd10cm_unconfirmed": list(publication.unconfirmed_codes),
        "icd10cm_year": publication.code_year,
        "evidence": {"level": evidence.level, "direction": evidence.direction},
    }


def status_to_dict(rows: Iterable[LanguageStatus]) -> dict[str, Any]:
    """Return how far each language is, over all and leaflet by leaflet."""
    return {
        "languages": [
            {
                "language": row.language.tag,
                **_progress_to_dict(row.whole),
                "approved": len(row.approved),
                "leaflets": [
                    {
                        "leaflet": leaflet.name,
                        "edition": leaflet.edition,
                        **_progress_to_dict(progress),
                        "approved": leaflet in row.approved,
                    }
                    for leaflet, progress in row.leaflets
                ],
            }
            for row in rows
        ]
    }


def _progress_to_dict(progress: Progress) -> dict[str, int | bool]:
    return {**asdict(progress), "messages": progress.total, "complete": progress.complete}


def approvals_to_dict(rows: Iterable[ApprovalRow]) -> dict[str, Any]:
    """Return the state of words, with the records that count."""
    return {
        "approvals": [
            {
                "leaflet": row.leaflet.name,
                "edition": row.leaflet.label,
                "language": row.language.tag,
                "state": row.standing.state,
                "lacking": list(row.standing.lacking),
                "past_review": row.standing.past_review,
                "wording": row.wording,
                "records": [
                    {**asdict(record), "date": record.date.isoformat(), "counts": record in row.standing.counted}
                    for record in row.records
                ],
            }
            for row in rows
        ]
    }


def identities_to_dict(found: Iterable[Identity]) -> dict[str, Any]:
    """Return what sheets are that were looked up."""
    return {
        "sheets": [
            {
                **sheet_to_dict(row.sheet),
                "bytes": row.bytes,
                "good": row.is_good,
                "manifest": str(row.release.path),
                "words": [
                    {
                        **asdict(verdict.words),
                        "current": verdict.is_current,
                        "same_meaning": verdict.is_same_meaning,
                        "withdrawn": verdict.is_withdrawn,
                        "state_now": verdict.now.state if verdict.now else None,
                        "changes": [as_text(pieces) for pieces in verdict.changes],
                    }
                    for verdict in row.verdicts
                ],
            }
            for row in found
        ]
    }


def carriers_to_dict(found: Iterable[Carrier]) -> dict[str, Any]:
    """Return the sheets that carried certain words."""
    return {
        "sheets": [
            {**sheet_to_dict(row.sheet), "manifest": str(row.release.path), "carried": list(row.what)}
            for row in found
        ]
    }


def impact_to_dict(impact: Impact, samples: Iterable[Touched]) -> dict[str, Any]:
    """Return what a change of words does; for those that were looked at, how many pages differ."""
    pages = {(row.leaflet, row.language.tag): sum(pair.differs for pair in row.pages) for row in samples}
    return {
        "touched": [
            {
                "leaflet": row.leaflet.name,
                "edition": row.leaflet.label,
                "language": row.language.tag,
                "before": row.before.state if row.before else None,
                "after": row.after.state if row.after else None,
                "loses_approval": row.loses_approval,
                "pages": pages.get((row.leaflet, row.language.tag)),
                "changes": [as_text(pieces) for pieces in row.changes],
            }
            for row in impact.touched
        ],
        "messages": list(impact.messages),
        "words_left": impact.words_left,
    }


def findings_to_dict(findings: Iterable[Diagnostic]) -> dict[str, Any]:
    """Return findings as a list."""
    return {"findings": [finding_to_dict(finding) for finding in findings]}


def _job_to_dict(result: JobResult) -> dict[str, Any]:
    job = result.job
    leaflet = job.leaflet
    return {
        "handout": leaflet.name,
        "language": job.language,
        "paper": job.paper,
        "edition": leaflet.label,
        "format": job.format,
    }


def finding_to_dict(finding: Diagnostic) -> dict[str, str]:
    """Return one finding."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "place": finding.place,
        "fact": finding.fact,
        "hint": finding.hint,
    }


def format_refused(results: Sequence[JobResult]) -> str:
    """Return refused files with every finding; findings that several share are told once."""
    parts, told = [], set[Diagnostic]()
    for result in results:
        parts.append(f"Not printed: {result.job.place}")
        if result.error is not None:
            parts.append(_indent(str(result.error)))
        parts += [_indent(str(finding)) for finding in result.findings if finding not in told]
        if result.findings and told.issuperset(result.findings):
            parts.append("  for the same reasons as above")
        told.update(result.findings)
    return "\n".join(parts)


def format_left_out(left_out: Sequence[LeftOut]) -> str:
    """Return what a build left out, a line per language."""
    by_language = sorted(left_out, key=lambda left: (left.language.tag, left.leaflet))
    lines = []
    for tag, group in groupby(by_language, key=lambda left: left.language.tag):
        missing = list(group)
        parts = [f"{left.leaflet.name} ({left.missing} of {left.total} messages missing)" for left in missing]
        if len(missing) > _LISTED:
            parts = [f"{len(missing)} leaflets ('ldn-print list' shows which, and how many messages each lacks)"]
        lines.append(f"Left out, not complete in {tag}: {', '.join(parts)}")
    lines.append("  'ldn-print build --language TAG' names every missing message; --draft shows them as holes.")
    return "\n".join(lines)


def format_built(report: BuildReport) -> str:
    """Return in one sentence what a build made."""
    languages = {built.result.job.language for built in report.built}
    handouts = {built.result.job.leaflet.name for built in report.built}
    marked = sum(built.result.state != "approved" for built in report.built)
    whole = f"{_count(len(report.built), 'file')}: {_count(len(handouts), 'handout')}"
    approved = "All of them are approved."
    if marked:
        whose = (
            "No clinician has approved these words" if marked == len(report.built) else f"{marked} not approved"
        )
        approved = f"{whose}: every page says so."
    return f"{whole} in {_count(len(languages), 'language')}. {approved}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
