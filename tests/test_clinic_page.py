"""The clinic's page on the desk: comments stay, mistakes stand beside their fields, nothing is overwritten."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from ldn_print.clinic import load_clinic
from ldn_print.clinic_file import PhraseFields, check_text, merge, read_fields
from ldn_print.project import Library
from tests.desk import CLINIC, Answer, Client, open_desk, options_for, write_clinic

pytestmark = pytest.mark.xdist_group("desk-clinic")  # one process has what they share

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4" onload="x()"/></svg>'
FORM = {
    "country": "US",
    "name": "Example Clinic",
    "phone": "555-0142",
    "highest_dose": "4.5",
    "largest_step": "1.5",
    "policy": "mark",
    "phrase-0-name": "bring",
    "phrase-0-text-en": "Bring a list of all your medicines.",
    "phrase-0-text-es-US": "Traiga una lista de todas sus medicinas.",
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for things that can be made again, to which nobody else writes."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def desk(library: Library, shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Return a browser at a desk with a clinic's profile, which each test writes anew."""
    clinic = write_clinic(tmp_path_factory.mktemp("clinic"))
    with open_desk(options_for(library, shelf, clinic)) as client:
        yield client


@pytest.fixture
def file(desk: Client) -> Path:
    """Return the profile, as it is before each test."""
    path = desk.state.options.clinic_file
    assert path
    for other in path.parent.iterdir():
        other.unlink()
    return write_clinic(path.parent)


def png(**texts: str) -> bytes:
    """Return a small PNG with texts hidden in it."""
    info, out = PngImagePlugin.PngInfo(), io.BytesIO()
    for key, value in texts.items():
        info.add_text(key, value)
    Image.new("RGB", (60, 20), "navy").save(out, "PNG", pnginfo=info)
    return out.getvalue()


def send(desk: Client, address: str, fields: Mapping[str, str], logo: bytes = b"") -> Answer:
    """Send the form as the page does, with the digest of the file that it shows now unless one is given."""
    page = desk.get("/clinic")
    digest = re.search(r'name="digest" value="([^"]*)"', page.text)
    rows = {"csrf": desk.cookies["ldn_csrf"], "digest": digest[1] if digest else "", **fields}
    edge = "edge-of-a-part"
    parts = [
        f'--{edge}\r\ncontent-disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in rows.items()
    ]
    name = "my.bin" if logo else ""
    parts.append(f'--{edge}\r\ncontent-disposition: form-data; name="logo"; filename="{name}"\r\n\r\n')
    body = "\r\n".join(parts).encode() + logo + f"\r\n--{edge}--\r\n".encode()
    kind = {"content-type": f"multipart/form-data; boundary={edge}"}
    return desk.ask("POST", address, body, kind)


def test_what_nobody_changed_stays_as_it_is_written(desk: Client, file: Path) -> None:
    """Saving the form untouched changes not one sign; a change keeps comments and order, and shows at once."""
    assert send(desk, "/clinic", FORM).status == 303
    assert file.read_text() == CLINIC

    saved = send(desk, "/clinic", {**FORM, "phone": "555-0199", "address": "1 Example Street\r\n\r\nTown"})
    assert "Saved." in desk.get(saved.headers["location"]).words
    lines = file.read_text().splitlines()
    assert lines[0] == "# Ask the clinical lead before the limits are changed."
    assert ('phone = "555-0199"' in lines, 'address = ["1 Example Street", "Town"]' in lines) == (True, True)
    with desk.state.view() as view:
        assert view.settings.clinic == load_clinic(file)


def test_everything_wrong_is_told_at_once_beside_its_field(desk: Client, file: Path) -> None:
    """With what to do; what was typed stays, and nothing is written."""
    wrong = {
        "name": "x" * 61,
        "phone": "call us",
        "highest_dose": "lots",
        "country": "CA",
        "address": "1\n2\n3\n4",
        "verify_url": "ftp://a",
        "phrase-1-text-en": "Without a name.",
    }
    answer = send(desk, "/clinic", {**FORM, **wrong})

    assert (answer.status, file.read_text()) == (422, CLINIC)
    for key in ("name", "phone", "highest_dose", "decimal", "address", "verify_url"):
        field = re.search(rf'<\w+ [^>]*id="{key}"[^>]*>', answer.text)
        assert field
        assert ('aria-invalid="true"' in field[0], f"{key}-wrong" in field[0]) == (True, True)
        assert f'id="{key}-wrong"' in answer.text
        assert f'<a href="#{key}">' in answer.text
    for words in (
        "is needed here",
        "Write a number of milligrams",
        "Give this sentence a name",
        "longer than 3 lines",
    ):
        assert words in answer.words
    assert 'value="call us"' in answer.text


def test_what_somebody_else_wrote_meanwhile_is_shown(desk: Client, file: Path) -> None:
    """Nothing is written; what was typed stays, and can be saved when somebody has looked."""
    before = re.search(r'name="digest" value="([^"]*)"', desk.get("/clinic").text)
    assert before
    file.write_text(CLINIC.replace("555-0142", "555-0111"))
    typed = {**FORM, "name": "New Name"}
    answer = send(desk, "/clinic", {**typed, "digest": before[1]})

    assert (answer.status, "555-0111" in file.read_text()) == (409, True)
    assert ("Somebody else changed" in answer.words, "Phone 555-0111" in answer.words) == (True, True)
    assert "Sheets that nobody has approved nothing" not in answer.words
    assert 'value="New Name"' in answer.text
    now = re.search(r'name="digest" value="([^"]*)"', answer.text)
    assert now
    assert send(desk, "/clinic", {**typed, "digest": now[1]}).status == 303
    assert "New Name" in file.read_text()


def test_a_logo_is_stored_as_nothing_but_a_picture(desk: Client, file: Path) -> None:
    """No chunk of what was sent survives, no handler of a drawing; and it can be taken away again."""
    assert send(desk, "/clinic", FORM, png(Comment="secret words")).status == 303
    stored = file.with_name("logo.png").read_bytes()
    assert (b"secret" in stored, b"tEXt" in stored, 'logo = "logo.png"' in file.read_text()) == (False,) * 2 + (
        True,
    )

    assert send(desk, "/clinic", FORM, SVG).status == 303
    assert b"onload" not in file.with_name("logo.svg").read_bytes()
    assert load_clinic(file).logo
    assert send(desk, "/clinic", {**FORM, "remove_logo": "1"}).status == 303
    assert (file.read_text(), load_clinic(file).logo) == (CLINIC, None)


@pytest.mark.parametrize(
    ("logo", "words"),
    [
        (b"\x89PNG" + b"x" * 2_000_000, "larger than 2 MB"),
        (b"GIF89a", "not a PNG"),
        (b"<svg><text>", "not an SVG"),
    ],
    ids=("large", "gif", "broken"),
)
def test_what_is_no_plain_picture_is_refused(desk: Client, file: Path, logo: bytes, words: str) -> None:
    """The reason stands beside the field; nothing is stored."""
    answer = send(desk, "/clinic", {**FORM, "name": "Other"}, logo)

    assert answer.status == 422
    assert words in answer.words
    assert [path.name for path in file.parent.iterdir()] == ["clinic.toml"]
    assert file.read_text() == CLINIC


def test_a_new_logo_need_not_be_chosen_twice(desk: Client, file: Path) -> None:
    """It travels with the form until everything else is right, and is cleaned again when it comes back."""
    answer = send(desk, "/clinic", {**FORM, "phone": "call us"}, png(Comment="secret words"))
    kept = re.search(r'name="kept_logo" id="kept_logo" value="([^"]+)"', answer.text)
    assert kept
    assert send(desk, "/clinic", {**FORM, "kept_logo": kept[1]}).status == 303

    assert load_clinic(file).logo


def test_a_preview_shows_the_page_and_writes_nothing(desk: Client, file: Path, shelf: Path) -> None:
    """Neither beside the profile nor on the shelf of finished pages."""
    desk.get("/clinic/letterhead.png")
    before = sorted((shelf / "pages").rglob("*"))
    plain = send(desk, "/clinic/preview", FORM)
    named = send(desk, "/clinic/preview", {**FORM, "name": "Quite Another Clinic"}, png())

    pictures = [
        re.findall(r'<img src="data:image/png;base64,([^"]+)" alt="First page', row.text) for row in (plain, named)
    ]
    assert ([len(row) for row in pictures], pictures[0] == pictures[1]) == ([1, 1], False)
    assert [path.name for path in file.parent.iterdir()] == ["clinic.toml"]
    assert (file.read_text(), sorted((shelf / "pages").rglob("*"))) == (CLINIC, before)
    waiting = send(desk, "/clinic/preview", {**FORM, "phone": "call us"})
    assert "The preview waits" in waiting.words


def test_a_broken_file_is_shown_and_never_overwritten(desk: Client, file: Path) -> None:
    """Its page tells what is wrong; so do all others."""
    file.write_text('country = "US"\nname = "Example\n')
    page, saved = desk.get("/clinic"), send(desk, "/clinic", FORM)

    assert (page.status, saved.status) == (409, 409)
    assert "name = &quot;Example" in page.text or "name = &#34;Example" in page.text
    for answer in (page, saved, desk.get("/"), desk.get("/batch")):
        assert "clinic.toml: is not valid TOML" in answer.words
    assert file.read_text() == 'country = "US"\nname = "Example\n'


def test_a_file_with_findings_can_be_mended_here(desk: Client, file: Path) -> None:
    """The form shows what a hand wrote, and what is wrong with it."""
    file.write_text('country = "US"\nphone = "call us"\n')
    assert "is not a phone number" in desk.get("/clinic").words

    assert send(desk, "/clinic", {"country": "US", "phone": "555-0142", "policy": "mark"}).status == 303
    assert file.read_text() == 'country = "US"\nphone = "555-0142"\n'


def test_a_profile_is_made_where_there_is_none(desk: Client, file: Path) -> None:
    """The country is enough."""
    file.unlink()
    assert "There is no profile yet" in desk.get("/clinic").words
    assert send(desk, "/clinic", {"country": "NO", "policy": "mark"}).status == 303

    assert load_clinic(file).country.code == "NO"


def test_foreign_forms_and_a_desk_that_may_not_write_are_refused(
    desk: Client, file: Path, library: Library, cache_folder: Path
) -> None:
    """With 403, and with the page that says how the profile is changed."""
    assert send(desk, "/clinic", {**FORM, "csrf": "foreign", "name": "x"}).status == 403
    with open_desk(options_for(library, cache_folder, file, can_edit=False)) as closed:
        page = closed.get("/clinic")
        answers = [
            send(closed, address, {**FORM, "name": "x"}).status for address in ("/clinic", "/clinic/preview")
        ]
    with open_desk(options_for(library, cache_folder, None)) as without:
        assert "--clinic clinic.toml" in without.get("/clinic").words

    assert ("may not write" in page.words, "Example Clinic" in page.words, "<form" in page.text) == (
        True,
        True,
        False,
    )
    assert (answers, file.read_text()) == ([403, 403], CLINIC)


def test_merging_keeps_what_the_form_does_not_know() -> None:
    """Comments, order, unknown keys and values that are the same."""
    text = '# a\nphone = "1 2 3"  # b\ncountry = "US"\nfuture = 1 # c\n\n[phrases.call] # d\nen = "Call." # e\n'
    fields = read_fields(text, "clinic.toml")
    assert merge(text, fields) == text

    more = PhraseFields("call", {"en": "Call us.", "hi": "फ़ोन करें।"})
    changed = merge(text, type(fields)(country="US", paper="a4", phrases=(more,)))
    assert changed == (
        '# a\ncountry = "US"\nfuture = 1 # c\npaper = "a4"\n\n'
        '[phrases.call] # d\nen = "Call us." # e\nhi = "फ़ोन करें।"\n'
    )
    assert [row.fact for row in check_text(changed, Path("clinic.toml")).findings] == ["this key is not known"]
