"""Data on the page: doses, numbers, phone numbers. They are never part of a translatable text.

Doses have ASCII digits, the decimal sign of the country of care, a no-break space, and stand in an
isolated left-to-right run, so that Arabic shows ``4.5 mg`` and never ``mg 4.5`` (handout standards 3.6).
The notation follows ISMP: a leading zero, no trailing zero, a space before the unit (standards 1.8).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from markupsafe import Markup, escape

from ldn_print.models import Clinic

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MAX_DOSE = 100  # mg; the only larger strength on the market is an injection, which no handout is about
_DOSE_STEP = Decimal("0.001")
# The narrowest place for a phone is the side column, 34 mm wide; a longer number is set smaller there.
_PHONE_SIZES = ((8, "tel-short"), (14, "tel-even"), (99, "tel-long"))


def dose_text(milligrams: float | str | Decimal, decimal: str) -> str:
    """Return a dose as a pharmacy label has it: ``4.5 mg``.

    Args:
        milligrams: more than 0, at most 100 mg, in steps of 0.001 mg.
        decimal: the decimal sign of the country of care.

    Raises:
        ValueError: it is no dose.
    """
    try:
        amount = Decimal(str(milligrams))
    except InvalidOperation as problem:
        raise ValueError(f"{milligrams!r} is not a dose in mg") from problem
    if not amount.is_finite() or not 0 < amount <= MAX_DOSE or amount % _DOSE_STEP:
        raise ValueError(f"{milligrams} is not a dose between 0.001 and {MAX_DOSE} mg")
    digits = f"{amount.normalize():f}".replace(".", decimal)
    return f"{digits}{NO_BREAK_SPACE}mg"


def volume_text(millilitres: float | str | Decimal, decimal: str) -> str:
    """Return an amount of liquid as an oral syringe shows it: ``1.5 mL``.

    Args:
        millilitres: more than 0, at most 100 mL, in steps of 0.001 mL.
        decimal: the decimal sign of the country of care.

    Raises:
        ValueError: it is no such amount.
    """
    return dose_text(millilitres, decimal).replace("mg", "mL")


def isolated(text: str, kind: str) -> Markup:
    """Return a text as one left-to-right run that never breaks."""
    return Markup('<bdi dir="ltr" class="{}">{}</bdi>').format(kind, text.replace(" ", NO_BREAK_SPACE))


def unit(name: str) -> Markup:
    """Return a unit in Latin letters, as it stands on the label and the syringe: mg or mL."""
    return isolated(name, "unit")


def free_text(text: str) -> Markup:
    """Return a clinic's own words with the direction that their first letter has."""
    strong = next((kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return Markup('<bdi dir="{}">{}</bdi>').format("ltr" if strong == "L" else "rtl", text)


def blank(purpose: str) -> Markup:
    """Return a line to write on, where a value is not known."""
    return Markup('<span class="blank" data-blank="{}"></span>').format(purpose)


@dataclass(frozen=True)
class Values:
    """The data functions that templates may call, for one clinic."""

    clinic: Clinic

    def dose(self, milligrams: float | Decimal) -> Markup:
        """Return a dose in mg."""
        return isolated(dose_text(milligrams, self.clinic.decimal), "dose")

    def volume(self, millilitres: float | Decimal) -> Markup:
        """Return an amount of liquid in mL."""
        return isolated(volume_text(millilitres, self.clinic.decimal), "dose")

    @staticmethod
    def number(value: int) -> Markup:
        """Return a whole number in ASCII digits.

        Raises:
            ValueError: it is negative or not whole.
        """
        if not isinstance(value, int) or value < 0:
            raise ValueError(f"{value!r} is not a whole number")
        return Markup(escape(str(value)))  # noqa: S704  # digits only

    @property
    def emergency(self) -> Markup:
        """The emergency number of the country of care."""
        return self._phone(self.clinic.country.emergency.printable, "emergency number")

    @property
    def poison(self) -> Markup:
        """The poison line, or a line to write on."""
        return self._phone(self.clinic.country.poison.printable, "poison line")

    @property
    def crisis(self) -> Markup:
        """The crisis line, or a line to write on."""
        return self._phone(self.clinic.country.crisis.printable, "crisis line")

    @property
    def clinic_phone(self) -> Markup:
        """The clinic's phone, or a line to write on."""
        return self._phone(self.clinic.phone, "clinic phone")

    @property
    def after_hours(self) -> Markup:
        """The clinic's phone for nights and weekends, or a line to write on."""
        return self._phone(self.clinic.after_hours, "after hours phone")

    @property
    def report(self) -> Markup:
        """Where side effects are reported, or a line to write on."""
        return self._phone(self.clinic.country.report.printable, "where to report side effects")

    @property
    def regulator(self) -> Markup:
        """The regulator's short name; empty when it was not confirmed."""
        name = self.clinic.country.regulator.printable
        return isolated(name, "name") if name else Markup()

    @staticmethod
    def _phone(number: str, purpose: str) -> Markup:
        if not number:
            return blank(purpose)
        size = next(name for longest, name in _PHONE_SIZES if len(number) <= longest)
        return isolated(number, f"tel {size}")
