"""The short code in the foot of a page: made from exactly that page, and typed back by a clerk.

Crockford's base 32 has no letter that looks like a digit; the last sign checks the others, so that one wrong sign,
or two that changed places, are noticed.
"""

from __future__ import annotations

import hashlib

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8
_CHECK = 37  # Crockford's modulus: a prime, so that swapped signs give another check sign
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = str.maketrans("", "", "-–— .·\t\n")


def make_code(text: str) -> str:
    """Return the code of a text, as it is printed: ``7K3M-9QTXC``.

    A remainder that Crockford writes with a sign such as ``*`` is avoided: the text is hashed again with a number.
    """
    for attempt in range(1000):
        number = int.from_bytes(hashlib.sha256(f"{text}\0{attempt}".encode()).digest()[:5])
        if number % _CHECK < len(SIGNS):
            signs = "".join(SIGNS[number >> shift & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))
            return f"{signs[:4]}-{signs[4:]}{SIGNS[number % _CHECK]}"
    raise AssertionError("no check sign in a thousand attempts")  # pragma: no cover  # chance 0.14 each


def read_code(typed: str) -> str:
    """Return a code as it is printed, from what somebody typed: any case, O for 0, I or L for 1, any gaps.

    Raises:
        ValueError: it is no code, or a sign is wrong; the text says what to do.
    """
    signs = typed.upper().translate(_BETWEEN).translate(_LOOKS_LIKE)
    if len(signs) != _LENGTH + 1:
        raise ValueError(f"{typed!r} has {len(signs)} signs, a code has {_LENGTH + 1}, as in 7K3M-9QTXC")
    foreign = sorted(set(signs) - set(SIGNS))
    if foreign:
        raise ValueError(f"{typed!r} holds {foreign[0]!r}: a code has digits and capital letters without U")
    number = 0
    for sign in signs[:-1]:
        number = number * 32 + SIGNS.index(sign)
    if number % _CHECK != SIGNS.index(signs[-1]):
        raise ValueError(f"{typed!r} is not a code: one sign is wrong. Compare it with the sheet, sign by sign")
    return f"{signs[:4]}-{signs[4:]}"
