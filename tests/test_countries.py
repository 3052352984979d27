"""Facts of a country of care: printed when confirmed, else a line to write on."""

from __future__ import annotations

import re

import pytest

from ldn_print.clinic import parse_clinic
from ldn_print.countries import all_countries, get_country
from ldn_print.errors import ProjectError
from ldn_print.models import Clinic
from ldn_print.tables import Table
from ldn_print.values import Values, blank

# Old or wrong numbers that are copied all over the web; none may ever be printed.
NEVER = ("1-800-273-8255", "0845 46 47", "0808 100 3352", "08457 90 90 90", "1850 60 90 90", "01 40 09 15 22")


def clinic(code: str) -> Clinic:
    """Return a clinic of which nothing but the country is known."""
    decimal = {"decimal": "."} if all_countries()[code].decimal == "choose" else {}
    from pathlib import Path

    return parse_clinic(Table("test", {"country": code, **decimal}), Path())


@pytest.mark.parametrize("code", ["US", "CA", "GB", "IE", "AU", "NZ", "DE", "FR", "ES", "NO"])
def test_country_has_emergency_number_decimal_and_paper(code: str) -> None:
    """Every country has a confirmed emergency number; without one a sheet would be dangerous."""
    country = get_country(code)

    assert re.fullmatch(r"[0-9 ]{2,5}", country.emergency.printable)
    assert country.decimal in (".", ",", "choose")
    assert country.paper in ("letter", "a4")


@pytest.mark.parametrize("code", list(all_countries()))
def test_unconfirmed_contact_is_a_line_to_write_on(code: str) -> None:
    """Only what was seen at its source is printed."""
    values, country = Values(clinic(code)), get_country(code)

    for fact, shown in ((country.poison, values.poison), (country.crisis, values.crisis)):
        if fact.mark == "V" and fact.value:
            assert fact.value.replace(" ", "\u00a0") in shown
        else:
            assert "data-blank" in shown
            assert not fact.value or fact.value not in shown


def test_germany_poison_and_crisis_lines_are_written_in() -> None:
    """Germany has a poison line per state and an unconfirmed crisis line: both are left to staff."""
    assert Values(clinic("DE")).poison == blank("poison line")
    assert Values(clinic("DE")).crisis == blank("crisis line")


def test_no_withdrawn_number_is_in_the_registry() -> None:
    """Numbers that are known to be old or wrong do not come back."""
    text = " ".join(str(country) for country in all_countries().values())

    assert not [number for number in NEVER if number in text]


def test_decimal_sign_follows_the_country() -> None:
    """The pharmacy label decides the sign, not the reader's language."""
    assert "4,5\u00a0mg" in Values(clinic("NO")).dose(4.5)
    assert "4.5\u00a0mg" in Values(clinic("US")).dose(4.5)


def test_canada_has_to_choose_its_decimal_sign() -> None:
    """Where labels differ within a country, nothing is guessed."""
    from pathlib import Path

    table = Table("clinic.toml", {"country": "CA"})
    parse_clinic(table, Path())

    assert [str(finding) for finding in table.findings if "decimal" in finding.place]


def test_unknown_country_is_named_with_near_ones() -> None:
    """A slip of the pen is answered with what was probably meant."""
    with pytest.raises(ProjectError, match="Did you mean GB"):
        get_country("United Kingdm")
