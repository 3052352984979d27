"""Doses, numbers and phone numbers are data with one notation."""

from __future__ import annotations

import pytest

from ldn_print.clinic import default_clinic
from ldn_print.values import Values, blank, dose_text, free_text


@pytest.mark.parametrize(
    ("amount", "decimal", "text"),
    [
        (4.5, ".", "4.5 mg"),
        (4.5, ",", "4,5 mg"),
        (50, ".", "50 mg"),
        (3.0, ".", "3 mg"),
        ("1.50", ".", "1.5 mg"),
        (0.5, ",", "0,5 mg"),
        (0.125, ".", "0.125 mg"),
        (10, ",", "10 mg"),
    ],
)
def test_dose_text_follows_ismp(amount: float | str, decimal: str, text: str) -> None:
    """A dose has a leading zero, no trailing zero, and a no-break space before its unit."""
    assert dose_text(amount, decimal) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize("amount", [0, -1, 100.5, "nan", "inf", "four", 0.0001, ""])
def test_dose_text_refuses_what_is_no_dose(amount: float | str) -> None:
    """Nothing that is not a plausible dose becomes one."""
    with pytest.raises(ValueError, match="not a dose"):
        dose_text(amount, ".")


def test_dose_is_one_isolated_left_to_right_run() -> None:
    """A dose on the page is isolated, so that right-to-left text cannot turn it around."""
    assert Values(default_clinic()).dose(4.5) == '<bdi dir="ltr" class="dose">4.5\u00a0mg</bdi>'


def test_phone_without_a_number_is_a_line_to_write_on() -> None:
    """A phone that is not known is never an empty place."""
    assert Values(default_clinic()).clinic_phone == blank("clinic phone")


@pytest.mark.parametrize("value", [-1, 1.5, "3"])
def test_number_refuses_what_is_not_whole(value: object) -> None:
    """Only whole numbers are printed as numbers."""
    with pytest.raises(ValueError, match="not a whole number"):
        Values.number(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "direction"), [("Clinic", "ltr"), ("عيادة", "rtl"), ("12 עברית", "rtl"), ("7", "ltr")]
)
def test_free_text_takes_the_direction_of_its_first_letter(text: str, direction: str) -> None:
    """A clinic's name reads in its own direction on every sheet."""
    assert f'dir="{direction}"' in free_text(text)


def test_free_text_is_text_and_never_markup() -> None:
    """A clinic's name cannot bring markup onto the page."""
    assert "<script>" not in free_text("<script>alert(1)</script>")
