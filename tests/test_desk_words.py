"""Translators and reviewers at the desk: what they save and sign is what the command line would have written."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from ldn_print import cli
from ldn_print.project import Library
from tests.browser import HEIGHT, WIDE, look_over
from tests.conftest import FEW, FOLDERS, ROOT, Run
from tests.desk import Answer, Client, open_desk, options_for
from tests.signing import CLINICIAN, REVIEWERS, list_reviewers

PO = "locales/es_US/LC_MESSAGES/ldn_print.po"
DIARY, OPIOIDS, VISIT = "/translate/es-US/diary", "/translate/es-US/opioids", "/translate/es-US/visit"
FILL_IN, START, DAYS, CALL = "m-481c9565", "m-296193be", "m-734a7e87", "m-eafe7a9d"
SIGNED = "/approvals/visit"
KEY = 'keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExa"]'
pytestmark = pytest.mark.xdist_group("desk words")  # one process has the library


@dataclass(frozen=True)
class Place:
    """A desk over a library of its own."""

    library: Library
    client: Client

    @property
    def catalog(self) -> Path:
        """The Spanish PO file."""
        return self.library.root / PO

    def choose(self, address: str, message: str) -> Answer:
        """Return the page at a message."""
        return self.client.get(f"{address}?message={message}")

    def save(self, address: str, message: str, text: str, **more: str) -> Answer:
        """Save a translation as its page's own form does."""
        fields = fields_of(self.choose(address, message))
        kept = {name: fields[name] for name in ("message", "mark", "notes")}
        return self.client.post(f"{address}?message={message}", {**kept, "text": text, **more})

    def follow(self, answer: Answer) -> Answer:
        """Return the page that an answer leads to."""
        assert answer.status == 303, answer.words
        return self.client.get(answer.headers["location"].partition("#")[0])

    def sign(self, chosen: str, /, *criteria: str, **more: str) -> Answer:
        """Sign the English words of a tool as their page's own form does."""
        fields = fields_of(self.client.get(f"{SIGNED}?as={chosen}"))
        kept: dict[str, object] = {name: fields[name] for name in ("words", "source", "who") if name in fields}
        form = {**kept, "criterion": list(criteria), **more}
        return self.client.post(f"{SIGNED}/sign?language=en&edition=tool", form)


def fields_of(answer: Answer) -> dict[str, str]:
    """Return the fields of the page's forms by name, the first of each."""
    inputs = re.findall(r'<input type="(?:hidden|checkbox)" name="([^"]+)" value="([^"]*)"', answer.text)
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)
    found: list[tuple[str, str]] = [*inputs, *areas]
    return {name: html.unescape(value) for name, value in reversed(found)}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> Iterator[tuple[Place, Path]]:
    """Yield a desk over a small library, and that library as it was."""
    root, kept = (tmp_path_factory.mktemp(name) for name in ("library", "kept"))
    for name in FOLDERS:
        shutil.copytree(ROOT / name, root / name)
    for handout in set(Library(ROOT).handout_ids()) - {*FEW}:
        shutil.rmtree(root / "handouts" / handout)
    list_reviewers(root / "handouts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LDN_PRINT_LIBRARY", str(root))
        assert cli.run(("update",)) == 0
    shutil.copytree(root, kept, dirs_exist_ok=True)
    with open_desk(options_for(Library(root), cache_folder, None)) as client:
        yield Place(Library(root), client), kept


@pytest.fixture
def place(once: tuple[Place, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Yield the desk; what a test has written is gone after it."""
    place, kept = once
    monkeypatch.setenv("LDN_PRINT_LIBRARY", str(place.library.root))
    yield place
    for name in ("templates/tools/visit", "handouts/visit"):
        shutil.rmtree(place.library.root / name, ignore_errors=True)
    for name in (PO, "handouts/reviewers.toml"):
        shutil.copy(kept / name, place.library.root / name)
    place.client.state.look_again()


def changed_lines(before: str, after: str) -> list[str]:
    """Return the lines that went and came."""
    rows = ndiff(before.splitlines(), after.splitlines())
    return [row for row in rows if row.startswith(("-", "+"))]


def test_boards_tell_how_far_everything_is(place: Place) -> None:
    """Each language with its numbers, each leaflet with its state and a way to it."""
    text = place.catalog.read_text()
    old = 'msgstr "Llene una fila cada noche. Traiga esta hoja a su próxima cita."'
    place.catalog.write_text(text.replace(old, 'msgstr ""'))
    place.client.state.look_again()
    board = place.client.get("/translate?language=es-US&open=1")
    approvals = place.client.get("/approvals?language=es-US")

    assert '<a href="/translate/es-US/diary?edition=tool">' in board.text
    assert "1 to do" in board.words
    assert "/translate/es-US/visit" not in board.text
    assert "Not complete in this language" in approvals.words
    assert "Draft: not approved" in approvals.words


def test_page_shows_all_that_helps(place: Place) -> None:
    """Place and room, note, example, tags, words that stay the same, and a form in the language's direction."""
    page = place.choose(OPIOIDS, CALL)
    right_to_left = place.client.get(f"/translate/ar/opioids?message={CALL}")

    assert "safety: a mistake here can harm" in page.words
    assert "tool: opioids" in page.words
    assert "lines of" in page.words
    assert "{clinic_phone}" in page.words
    assert "print bold what stands between them" in page.words
    assert "opioide" in page.words
    assert "opiáceo" in page.words
    assert re.search(r'name="text"[^>]* lang="es-US" dir="ltr" spellcheck', page.text)
    assert 'lang="ar" dir="rtl" spellcheck' in right_to_left.text
    assert page.text.count('<svg class="sheet"') == 1
    assert not re.search(r"\sstyle=|\son\w+=|https?://", page.text)


def test_save_changes_just_that_message(place: Place, run: Run) -> None:
    """Only its line differs, the next page shows it, and 'update' would have written the same file."""
    before = place.catalog.read_text()
    page = place.follow(
        place.save(DIARY, FILL_IN, "Llene cada noche una fila. Traiga esta hoja a su próxima cita.")
    )

    assert changed_lines(before, place.catalog.read_text()) == [
        '- msgstr "Llene una fila cada noche. Traiga esta hoja a su próxima cita."',
        '+ msgstr "Llene cada noche una fila. Traiga esta hoja a su próxima cita."',
    ]
    assert "✓ Saved." in page.words
    assert fields_of(page)["text"].startswith("Llene cada noche")
    assert f"{PO}: unchanged" in run("update", "es-US").out


def test_doubt_and_notes_are_kept_and_taken_back(place: Place) -> None:
    """A tick for doubt, a note, a reason: as comments of the file; taken away, it is the file that it was."""
    before, said = place.catalog.read_bytes(), fields_of(place.choose(DIARY, FILL_IN))["text"]
    page = place.follow(place.save(DIARY, FILL_IN, said, unsure="1", notes="Ask Ana.\nok T-same: the same word"))
    lines = changed_lines(before.decode(), place.catalog.read_text())

    assert lines == ["+ # note: Ask Ana.", "+ # ok T-same: the same word", "+ #, fuzzy"]
    assert "~ not sure" in page.words
    assert place.client.get("/sheet.pdf?sheet=diary&language=es-US").status == 409
    place.save(DIARY, FILL_IN, said, notes="")
    assert place.catalog.read_bytes() == before


@pytest.mark.parametrize(
    ("address", "message", "said", "code"),
    [
        (
            VISIT,
            DAYS,
            "Un opioide en los últimos 14 días. Si fue metadona, cuenta también más atrás.",
            "T-placeholder",
        ),
        (OPIOIDS, START, "¿Marcó alguno? Empiece LDN.", "T-negation"),
        (DIARY, FILL_IN, "Llene 3 filas cada noche. Traiga esta hoja a su próxima cita.", "T-number"),
    ],
)
def test_what_could_harm_is_told_and_not_printed(
    place: Place, address: str, message: str, said: str, code: str
) -> None:
    """It is saved, told loudly, and no sheet with it is printed until it is mended."""
    sheet = f"/sheet.pdf?sheet={address.rpartition('/')[2]}&language=es-US"
    page = place.follow(place.save(address, message, said, next="1"))

    assert said in place.catalog.read_text()
    assert "Saved, and not printed until it is mended." in page.words
    assert code in page.text
    assert f'id="{message}" class="message here"' in page.text
    assert place.client.get(sheet).status == 409


def test_save_goes_on_to_what_is_left(place: Place) -> None:
    """From a good one to the next that is missing, from the last one nowhere."""
    place.save(DIARY, FILL_IN, "")
    said = fields_of(place.choose(DIARY, "m-04113bb3"))["text"]
    page = place.follow(place.save(DIARY, "m-04113bb3", said, next="1"))

    assert f'id="{FILL_IN}" class="message here"' in page.text
    assert "This is the next one to do." in page.words


def test_other_peoples_work_is_not_overwritten_unseen(place: Place) -> None:
    """Both texts are shown, nothing is written, and only then may the newer one go."""
    form = fields_of(place.choose(DIARY, FILL_IN))
    place.save(DIARY, FILL_IN, "Llene una fila al día. Traiga esta hoja a su próxima cita.")
    theirs = place.catalog.read_bytes()
    refused = place.client.post(
        f"{DIARY}?message={FILL_IN}", {**form, "text": "Llene una fila. Traiga esta hoja."}
    )

    assert refused.status == 409
    assert "somebody else changed this translation" in refused.words
    assert "Llene una fila al día." in refused.words
    assert fields_of(refused)["text"] == "Llene una fila. Traiga esta hoja."
    assert place.catalog.read_bytes() == theirs
    again = place.client.post(f"{DIARY}?message={FILL_IN}", fields_of(refused))
    assert again.status == 303
    assert 'msgstr "Llene una fila. Traiga esta hoja."' in place.catalog.read_text()


def test_nothing_else_can_be_written(place: Place) -> None:
    """No form for English; no form from elsewhere, about another message, too long, or with unseen signs."""
    form = fields_of(place.choose(DIARY, FILL_IN))
    before = place.catalog.read_bytes()
    english = place.client.get(f"/translate/en/diary?message={FILL_IN}")

    assert "<form" not in english.text
    assert "English is the source" in english.words
    for wrong, status in (
        ({"csrf": ""}, 403),
        ({"message": "m-00000000"}, 409),
        ({"text": "a\x07b"}, 409),
        ({"text": "a" * 5001}, 409),
        ({"text": ["a", "b"]}, 409),
    ):
        assert place.client.post(DIARY, {**form, **wrong}).status == status
    assert place.client.post("/translate/en/diary", form).status == 409
    assert place.client.post("/translate/xx/diary", form).status == 409
    assert place.catalog.read_bytes() == before


def test_message_that_the_catalog_lacks_waits_for_update(place: Place) -> None:
    """Nothing is added by guessing where: the command that adds it is named."""
    text = place.catalog.read_text()
    start = text.index("#. ", text.index("\n\n", text.index(f"#. {FILL_IN}") - 300))
    place.catalog.write_text(text[:start] + text[text.index("\n\n", text.index(f"#. {FILL_IN}")) + 2 :])
    place.client.state.look_again()

    assert "Run ldn-print update es-US" in place.choose(DIARY, FILL_IN).words


def test_desk_for_reading_shows_everything_and_takes_nothing(place: Place, cache_folder: Path) -> None:
    """No form on any page, and who sends one is refused."""
    form = fields_of(place.choose(DIARY, FILL_IN))
    before = place.catalog.read_bytes()
    with open_desk(options_for(place.library, cache_folder, None, can_edit=False)) as reader:
        pages = [reader.get(f"{DIARY}?message={FILL_IN}"), reader.get(f"{SIGNED}?as=example-1:prescriber")]
        answers = [reader.post(path, form) for path in (DIARY, f"{SIGNED}/sign", f"{SIGNED}/withdraw")]

    assert [page.status for page in pages] == [200, 200]
    assert not any("<form" in page.text for page in pages)
    assert "Llene una fila" in pages[0].words
    assert [answer.status for answer in answers] == [403, 403, 403]
    assert place.catalog.read_bytes() == before


def test_signature_counts_for_the_command_too(place: Place, run: Run) -> None:
    """Two people sign on the page; 'approvals' counts them, and the page of the sheet says so."""
    for who in ("example-1:prescriber", "example-2:pharmacist"):
        page = place.follow(place.sign(who, *CLINICIAN.split(","), note="Read on paper."))
        assert "✓ Signed." in page.words
    told = json.loads(run("approvals", "visit", "--language", "en", "--json").out)

    assert "Approved" in page.words
    assert "Read on paper." in page.words
    assert page.words.count("✓ counts") == 2
    assert [row["state"] for row in told["approvals"]] == ["approved"]
    assert "cannot: Example Prescriber has already signed" in page.words


@pytest.mark.parametrize(
    ("who", "criteria", "more", "words"),
    [
        ("example-1:prescriber", "read-all,facts", {}, "Tick each point that you attest"),
        ("example-3:linguist", "read-all,compared", {}, "English is the source"),
        ("example-2:prescriber", CLINICIAN, {"who": "example-2:prescriber"}, "Choose who signs"),
        ("example-1:prescriber", CLINICIAN, {"words": "0" * 64}, "The words changed since this page was made"),
        ("example-1:prescriber", CLINICIAN, {"note": "x" * 501}, "The note is longer"),
    ],
)
def test_wrong_signature_is_refused(
    place: Place, who: str, criteria: str, more: dict[str, str], words: str
) -> None:
    """What is missing is told beside the form, and nothing is written."""
    answer = place.sign(who, *criteria.split(","), **{"who": who, **more})

    assert answer.status == 422
    assert "Nothing was written." in answer.words
    assert words in answer.words
    assert not (place.library.ledger("visit") / "approvals.toml").exists()


def test_words_that_changed_are_not_signed(place: Place) -> None:
    """Who has an old page open signs nothing, and reads what changed."""
    place.follow(place.sign("example-1:prescriber", *CLINICIAN.split(",")))
    old = fields_of(place.client.get(f"{SIGNED}?as=example-2:pharmacist"))
    template = place.library.tools / "visit.html"
    text = template.read_text()
    try:
        template.write_text(text.replace("Do I need blood tests?", "Will I need blood tests?"))
        place.client.state.look_again()
        form = {**old, "criterion": CLINICIAN.split(",")}
        answer = place.client.post(f"{SIGNED}/sign?language=en&edition=tool", form)
    finally:
        template.write_text(text)

    assert answer.status == 422
    assert "The words changed since this page was made" in answer.words
    assert "<del>Do</del><ins>Will</ins> I need blood tests?" in answer.text
    assert "Changed since it was approved" in answer.words


def test_withdrawn_words_are_not_printed(place: Place) -> None:
    """With a reason and a second thought only; then no desk prints them any more."""
    form = {**fields_of(place.client.get(SIGNED)), "who": "example-2:pharmacist"}
    address, sheet = f"{SIGNED}/withdraw?language=en&edition=tool", "/sheet.pdf?sheet=visit&language=en"
    hasty = place.client.post(address, {**form, "note": "", "sure": "1"})
    form.pop("sure", None)
    unsure = place.client.post(address, {**form, "note": "Wrong time."})

    assert (hasty.status, unsure.status) == (422, 422)
    assert place.client.get(sheet).status == 200
    page = place.follow(place.client.post(address, {**form, "note": "Wrong time.", "sure": "1"}))
    assert "Withdrawn: never hand it out" in page.words
    assert "Wrong time." in page.words
    assert place.client.get(sheet).status == 409


def test_who_has_a_key_signs_with_it(place: Place) -> None:
    """The page gives the command, and takes no signature in their name."""
    list_reviewers(
        place.library.handouts, REVIEWERS.replace('roles = ["pharmacist"]', f'roles = ["pharmacist"]\n{KEY}')
    )
    place.client.state.look_again()
    page = place.client.get(f"{SIGNED}?as=example-2:pharmacist")
    answer = place.sign("example-2:pharmacist", *CLINICIAN.split(","), who="example-2:pharmacist")

    assert "ldn-print approve visit --language en --role pharmacist --reviewer example-2 --key FILE" in page.words
    assert answer.status == 422


def test_list_of_reviewers_that_is_missing_is_explained(place: Place) -> None:
    """Which file, and which lines to write."""
    (place.library.handouts / "reviewers.toml").unlink()
    place.client.state.look_again()
    page = place.client.get(SIGNED)

    assert "Nobody is listed who may sign" in page.words
    assert "handouts/reviewers.toml" in page.words


def test_leaflet_that_cannot_be_printed_cannot_be_signed(place: Place) -> None:
    """What is not complete has no words, and no form."""
    place.save(DIARY, FILL_IN, "")
    page = place.client.get("/approvals/diary?language=es-US")
    answer = place.client.post("/approvals/diary/sign?language=es-US", {"who": "example-3:linguist"})

    assert "1 message is missing or refused in Spanish" in page.words
    assert "<form" not in page.text
    assert answer.status == 422


ADDRESSES: tuple[tuple[str, str], ...] = (
    ("dark", f"/translate/hi/diary?message={FILL_IN}"),
    ("light", f"{SIGNED}?as=example-1:prescriber"),
)


@pytest.mark.parametrize(("scheme", "address"), ADDRESSES)
def test_pages_are_for_everyone(
    place: Place, browser: Browser, scheme: Literal["light", "dark"], address: str
) -> None:
    """On a phone and on a wide screen, in large type and with wide spacing, by the rules of axe-core."""
    with browser.new_context(color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(place.client.address + address)
        assert look_over(page) == []


def test_keys_save_and_places_choose(place: Place, browser: Browser) -> None:
    """One writes at once, Ctrl and Enter saves, and a place on the page leads to its message."""
    size = {"width": WIDE, "height": HEIGHT}
    with browser.new_context(viewport=size) as context:  # type: ignore[arg-type]  # a dict as any other
        page, complaints = context.new_page(), list[str]()
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.goto(f"{place.client.address}{DIARY}?message={FILL_IN}")
        page.keyboard.press("Control+End")
        page.keyboard.type(" Gracias.")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**saved=*")
        page.locator(".spot[data-message=m-04113bb3]").first.click()
        page.locator("#m-04113bb3 #edit").wait_for()

    assert complaints == []
    assert 'próxima cita. Gracias."' in place.catalog.read_text()
