"""The code in the foot of a page: what a clerk types is either right or refused."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ldn_print.codes import SIGNS, make_code, read_code

CODE = make_code("a page")


def test_code_never_changes_for_equal_pages() -> None:
    """A code printed today is found in ten years."""
    assert make_code("a page") == CODE == "492F-XZNV2"
    assert len({make_code(str(number)) for number in range(2000)}) == 2000


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), CODE.replace("-", ""), f" {CODE[:4]} {CODE[5:]} "])
def test_code_is_read_as_people_type_it(typed: str) -> None:
    """Case and gaps do not matter."""
    assert read_code(typed) == CODE


def test_letters_that_look_like_digits_are_digits() -> None:
    """O is 0, I and L are 1 (Crockford)."""
    code = next(code for code in map(make_code, map(str, range(1000))) if "0" in code and "1" in code)

    assert read_code(code.replace("0", "O").replace("1", "l")) == code
    assert read_code(code.replace("1", "i")) == code


def test_every_wrong_sign_is_noticed() -> None:
    """One sign typed wrong: the check sign tells, wherever it is and whatever it is."""
    signs = CODE.replace("-", "")
    for place, right in enumerate(signs):
        for wrong in set(SIGNS) - {right}:
            with pytest.raises(ValueError, match="one sign is wrong"):
                read_code(signs[:place] + wrong + signs[place + 1 :])


def test_swapped_signs_are_noticed() -> None:
    """Two neighbours that changed places."""
    for number in range(50):
        signs = make_code(str(number)).replace("-", "")
        for place, (left, right) in enumerate(pairwise(signs)):
            if left != right:
                with pytest.raises(ValueError, match="one sign is wrong"):
                    read_code(signs[:place] + right + left + signs[place + 2 :])


@pytest.mark.parametrize(
    ("typed", "words"), [("7K3M", "has 4 signs"), (CODE[:-1] + "U", "holds 'U'"), ("", "0 signs")]
)
def test_what_is_no_code_is_told(typed: str, words: str) -> None:
    """Too short, or a letter that no code has."""
    with pytest.raises(ValueError, match=words):
        read_code(typed)
