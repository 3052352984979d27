"""Checks of a translation against its source: a table of what passes and what does not."""

from __future__ import annotations

import pytest

from ldn_print.catalog import Entry
from ldn_print.checks.translation import check_entry
from ldn_print.messages import MessageKey, SourceMessage


def codes(source: str, target: str) -> set[str]:
    """Return the codes of the findings about a translation."""
    message = SourceMessage(MessageKey("", source), "templates/x.html", 1)
    return {finding.code for finding in check_entry(message, Entry((target,), fuzzy=False, line=3), "x.po:3")}


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Call {phone}.", "Llame al {phone}.", set()),
        ("Call {phone}.", "اتصل على {phone}.", set()),
        ("Call {phone}.", "Llame.", {"T-placeholder"}),
        ("Call {phone}.", "Llame al {fone}.", {"T-placeholder"}),
        ("Call {phone}.", "Llame al {phone} o {phone}.", {"T-placeholder"}),
        ("Call {phone}.", "Llame al {phone.__class__}.", {"T-placeholder"}),
        ("Call {phone}.", "Llame al { phone }.", {"T-placeholder"}),
        ("Call {phone}.", "Llame al {phone.", {"T-placeholder"}),
        ("Call {phone}.", "اتصل {هاتف}.", {"T-placeholder"}),
        ("Call us.", "Llame al {phone}.", {"T-placeholder"}),
        ("<b>Stop.</b> Call.", "<b>Pare.</b> Llame.", set()),
        ("<b>Stop.</b> Call.", "<b>قف.</b> اتصل.", set()),
        ("<b>Stop.</b> Call.", "Pare. Llame.", {"T-tag"}),
        ("<b>Stop.</b> Call.", "<b>Pare. Llame.", {"T-tag"}),
        ("<b>Stop.</b> Call.", "</b>Pare.<b> Llame.", {"T-tag"}),
        ("<b>Stop.</b> Call.", "<b>Pare.</b> <b>Llame.</b>", {"T-tag"}),
        ("Stop.", "<b>Pare.</b>", {"T-html"}),
        ("Stop.", '<img src="x">Pare.', {"T-html"}),
        ("Stop.", "<script>x</script>", {"T-html"}),
        ("Stop.", "Pare < ya.", {"T-html"}),
        ("Never take two.", "Nunca tome 2.", {"T-number"}),
        ("Never take two.", "لا تأخذ ٢.", {"T-number"}),
        ("Never take two.", "दो २ न लें।", {"T-number"}),
        ("Never take two.", "绝不吃２份。", {"T-number"}),
        ("Half.", "½", {"T-number"}),
    ],
)
def test_check_entry(source: str, target: str, expected: set[str]) -> None:
    """A translation may move placeholders and tags, never change, add or drop them, nor type a number."""
    assert codes(source, target) == expected


def test_finding_names_place_and_way_out() -> None:
    """A translator finds the line and learns what to do."""
    message = SourceMessage(MessageKey("", "Call {phone}."), "templates/x.html", 1)

    (finding,) = check_entry(message, Entry(("Llame.",), fuzzy=False, line=3), "es.po:3")

    assert str(finding).startswith("es.po:3: the placeholder {phone} is missing")
    assert "Put {phone} where" in finding.hint
