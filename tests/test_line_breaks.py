"""Lines in scripts without spaces: they break between words, fit their column, and leave no trace in the text."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from html import escape
from pathlib import Path

import pikepdf
import pytest

from ldn_print import languages
from ldn_print.errors import LanguageError
from ldn_print.languages import Language, all_languages, all_scripts
from ldn_print.line_breaks import WORD_JOINER, ZERO_WIDTH_SPACE, set_breaks, strip_breaks
from ldn_print.localize import Catalogs
from ldn_print.page import Margins, RenderedPage
from ldn_print.pdf import PdfResult, make_pdf
from ldn_print.plain_text import to_plain_text
from ldn_print.project import Library
from ldn_print.specimens import Specimen, all_specimens
from ldn_print.values import dose_text, isolated
from ldn_print.web_page import to_web_page
from tests.conftest import ROOT, pdf_text
from tests.test_engine import elements, plain

SPECIMENS = {specimen.language.tag: specimen for specimen in all_specimens()}
DOSE = dose_text(4.5, ".")
COLUMN_MM = 45
SIGNS = re.compile(f"[{ZERO_WIDTH_SPACE}{WORD_JOINER}]")
# The sentences of the specimens with their words parted by hand: a line may end at a bar or a space.
WORDS = {
    "th": (
        "กิน|ยา|นี้|วัน|ละ|ครั้ง|ก่อน|นอน",
        "เริ่ม|กิน|วัน|ละ {dose} อย่า|กิน|มาก|กว่า|นี้|ถ้า|เรา|ไม่|ได้|บอก|ให้|กิน|เพิ่ม",
        "ถ้า|ลืม|กิน|ยา|ให้|ข้าม|มื้อ|นั้น|ไป ห้าม|กิน|ยา|สอง|มื้อ|พร้อม|กัน",
    ),
    "lo": (
        "ກິນ|ຢາ|ນີ້|ມື້|ລະ|ເທື່ອ|ກ່ອນ|ນອນ.",
        "ເລີ່ມ|ກິນ|ມື້|ລະ {dose}. ຢ່າ|ກິນ|ຫຼາຍ|ກວ່າ|ນີ້|ຖ້າ|ພວກ|ເຮົາ|ບໍ່|ໄດ້|ບອກ|ໃຫ້|ກິນ|ເພີ່ມ.",
        "ຖ້າ|ລືມ|ກິນ|ຢາ|ໃຫ້|ຂ້າມ|ເທື່ອ|ນັ້ນ|ໄປ. ຢ່າ|ກິນ|ຢາ|ສອງ|ເທື່ອ|ພ້ອມ|ກັນ.",
    ),
    "km": (
        "សូម|លេប|ថ្នាំ|នេះ|មួយ|ថ្ងៃ|ម្តង|មុន|ពេល|ចូល|គេង។",
        "ចាប់ផ្តើម|លេប {dose} ក្នុង|មួយ|ថ្ងៃ។ កុំ|លេប|លើស|ពី|នេះ|បើ|យើង|មិន|បាន|ប្រាប់|អ្នក។",
        "បើ|អ្នក|ភ្លេច|លេប|ថ្នាំ|ម្តង|សូម|រំលង|វា|ចោល។ កុំ|លេប|ថ្នាំ|ពីរ|ដង|ក្នុង|ពេល|តែ|មួយ។",
    ),
    "my": (
        "ဤ|ဆေး|ကို|တစ်|နေ့|လျှင်|တစ်|ကြိမ်|အိပ်ရာ|မဝင်|မီ|သောက်|ပါ။",
        "တစ်|နေ့|လျှင် {dose} ဖြင့်|စ|သောက်|ပါ။ ကျွန်ုပ်|တို့|မပြော|ဘဲ|ပို|မသောက်|ပါ|နှင့်။",
        "ဆေး|သောက်|ရန်|မေ့|သွား|ပါက|ထို|တစ်|ကြိမ်|ကို|ကျော်|လိုက်|ပါ။ နှစ်|ကြိမ်|စာ|ကို|တစ်|ပြိုင်|တည်း|မသောက်|ပါ|နှင့်။",
    ),
    "ko": SPECIMENS["ko"].sentences,
}


def page(
    language: Language, *texts: str, width: float = COLUMN_MM, others: tuple[Language, ...] = ()
) -> RenderedPage:
    """Return a page with a heading and paragraphs of HTML in one narrow column."""
    script = language.script
    families = ", ".join(f'"{family}"' for family in script.fonts)
    css = (
        f":root {{ --font: {families} }} @page {{ size: 210mm 297mm; margin: 20mm }}"
        f"html {{ font: {script.body}pt/{script.leading} var(--font); font-variant-numeric: lining-nums }}"
        f"body, h1, p {{ margin: 0; font-size: inherit }} h1, p {{ width: {width}mm }}"
        'bdi { white-space: nowrap; font-family: "Noto Sans", var(--font) }'
    )
    paragraphs = "".join(f"<p>{text}</p>" for text in texts[1:])
    html = (
        f'<html lang="{language.tag}" dir="{language.direction}"><head><title>{texts[0]}</title></head>'
        f'<body><div class="face"><h1 title="{texts[0]}">{texts[0]}</h1>{paragraphs}</div></body></html>'
    )
    signs = "".join(sorted(set(html)))
    return RenderedPage(html, css, {}, language, "a4", "", signs, Margins(20, 20, 20), even=False, others=others)


def specimen_page(specimen: Specimen, width: float = COLUMN_MM) -> RenderedPage:
    """Return the page of a specimen, with a dose in the place of each placeholder."""
    dose = str(isolated(DOSE, "dose"))
    texts = (escape(sentence).replace("{dose}", dose) for sentence in specimen.sentences)
    return page(specimen.language, *texts, width=width)


def written(sentence: str) -> str:
    """Return a sentence with its dose as a reader sees it."""
    return sentence.replace("{dose}", DOSE).replace("\u00a0", " ")


def lines_of(made: PdfResult, folder: Path) -> list[str]:
    """Return the lines of a finished page as a reader copies them."""
    assert made.findings == ()
    path = folder / "lines.pdf"
    path.write_bytes(made.data)
    text = unicodedata.normalize("NFC", pdf_text(path)).replace("\u00a0", " ").replace("\f", "")
    return [line.strip() for line in text.splitlines() if line.strip()]


def line_ends(text: str, lines: list[str]) -> set[int]:
    """Return where lines end in a text; the lines are the text itself, sign by sign."""
    ends, place = set(), 0
    for line in lines:
        assert text.startswith(line, place), f"{line!r} is not {text[place:]!r}"
        place += len(line)
        ends.add(place)
        place += text.startswith(" ", place)
    assert place >= len(text)
    return ends


def allowed_ends(marked: str) -> set[int]:
    """Return where lines may end in a text: at each bar and at each space."""
    parts = re.split("[|]|(?= )", marked)
    return {len("".join(parts[: count + 1])) for count in range(len(parts))}


@pytest.mark.parametrize(
    "tag", [tag for tag, specimen in SPECIMENS.items() if specimen.language.direction == "ltr"]
)
def test_lines_fit_and_are_the_text_that_was_written(cache_folder: Path, tmp_path: Path, tag: str) -> None:
    """In a narrow column no line is too wide, no sign is missing, and a reader copies the very sentences."""
    specimen = SPECIMENS[tag]
    narrow = make_pdf(specimen_page(specimen), tag, cache_folder)
    lines = lines_of(narrow, tmp_path)
    text = unicodedata.normalize("NFC", " ".join(map(written, specimen.sentences)))

    assert plain("".join(lines)) == plain(text)
    assert not SIGNS.search("".join(lines))
    assert len(lines) > len(specimen.sentences) + 2
    assert any("4.5 mg" in line for line in lines)


@pytest.mark.parametrize(
    "tag", [tag for tag, specimen in SPECIMENS.items() if specimen.language.direction == "rtl"]
)
def test_right_to_left_specimen_is_whole_for_assistive_technology(
    cache_folder: Path, tmp_path: Path, tag: str
) -> None:
    """Persian and Urdu in Nastaliq fit as Arabic does, and their tags hold every word."""
    made = make_pdf(specimen_page(SPECIMENS[tag]), tag, cache_folder)

    assert made.findings == ()
    (tmp_path / "rtl.pdf").write_bytes(made.data)
    with pikepdf.open(tmp_path / "rtl.pdf") as pdf:
        told = plain("".join(str(element.ActualText) for element in elements(pdf) if "/ActualText" in element))
    words = [word for sentence in SPECIMENS[tag].sentences for word in sentence.replace("{dose}", "").split()]
    assert [word for word in words if plain(word) not in told] == []


@pytest.mark.parametrize("tag", WORDS)
@pytest.mark.parametrize("width", [31, 34, 38, 45, 52, 56, 63])
def test_lines_end_where_a_word_ends(cache_folder: Path, tmp_path: Path, tag: str, width: int) -> None:
    """Words are parted nowhere but at limits that were set by hand, in columns of any width."""
    specimen = SPECIMENS[tag]
    assert tuple(marked.replace("|", "") for marked in WORDS[tag]) == specimen.sentences
    lines = lines_of(make_pdf(specimen_page(specimen, width), tag, cache_folder), tmp_path)

    for marked in (unicodedata.normalize("NFC", written(marked)) for marked in WORDS[tag]):
        text, own = marked.replace("|", ""), list[str]()
        while len("".join(own).replace(" ", "")) < len(text.replace(" ", "")):
            own.append(lines.pop(0))
        # The space in a dose is no place for a line to end.
        allowed = allowed_ends(marked) - {text.find("4.5 mg") + 3}
        assert line_ends(text, own) <= allowed, own
    assert lines == []


def test_thai_is_cut_by_its_dictionary_as_a_whole(
    cache_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the engine shows Pango the start of a text only, a word is cut that is whole otherwise."""
    rendered = specimen_page(SPECIMENS["th"], 34)
    mended = lines_of(make_pdf(rendered, "th", cache_folder), tmp_path)
    whole_text = importlib.import_module("ldn_print.engine.whole_text")
    monkeypatch.setattr(whole_text, "_WholeText", str)
    short = lines_of(make_pdf(rendered, "th", cache_folder), tmp_path)

    assert any("มากกว่า" in line for line in mended)
    assert not any("มากกว่า" in line for line in short)


@pytest.mark.parametrize("tag", ["lo", "km", "my"])
def test_without_word_limits_lines_would_be_too_wide(cache_folder: Path, tag: str) -> None:
    """The engine alone breaks nowhere inside these texts: the limits are what makes them fit."""
    language = SPECIMENS[tag].language
    bare = replace(language, script=replace(language.script, breaks=""))

    made = make_pdf(specimen_page(replace(SPECIMENS[tag], language=bare)), tag, cache_folder)

    assert {finding.code for finding in made.findings} == {"P-outside"}


def test_without_joiners_korean_words_would_break(cache_folder: Path, tmp_path: Path) -> None:
    """The engine alone ends lines inside words of Korean."""
    language = SPECIMENS["ko"].language
    bare = replace(language, script=replace(language.script, breaks=""))

    lines = lines_of(make_pdf(page(bare, "약", "말씀드리기 " * 12, width=38), "ko", cache_folder), tmp_path)

    assert {word for line in lines[1:] for word in line.split()} > {"말씀드리기"}


def test_long_korean_word_breaks_in_its_middle(cache_folder: Path, tmp_path: Path) -> None:
    """A word that no column holds is not refused, and neither of its ends stands alone."""
    word = "저용량날트렉손복용안내문확인담당자에게"

    lines = lines_of(make_pdf(page(SPECIMENS["ko"].language, "약", word), "ko", cache_folder), tmp_path)[1:]

    assert "".join(lines) == word
    assert len(lines) == 2
    assert len(lines[0]) >= 3
    assert len(lines[1]) >= 5


@pytest.mark.parametrize("width", range(34, 64, 3))
def test_japanese_phrases_stay_whole(cache_folder: Path, tmp_path: Path, width: int) -> None:
    """A polite ending or a word with its particle is in one line, however wide the column."""
    made = make_pdf(specimen_page(SPECIMENS["ja"], width), "ja", cache_folder)
    lines = lines_of(made, tmp_path)

    for phrase in ("この", "薬は", "寝る", "ください。", "飲みます。", "指示が", "多く", "ときは、", "一度に"):
        assert any(phrase in line for line in lines), (phrase, lines)


@pytest.mark.parametrize("tag", ["lo", "km", "my", "ko", "ja"])
def test_signs_are_nowhere_in_the_file(cache_folder: Path, tmp_path: Path, tag: str) -> None:
    """Not in bookmarks, metadata or texts for a voice: what is heard, searched and copied is what was written."""
    rendered = specimen_page(SPECIMENS[tag])
    made = make_pdf(rendered, tag, cache_folder)
    (tmp_path / "signs.pdf").write_bytes(made.data)

    with pikepdf.open(tmp_path / "signs.pdf") as pdf:
        assert strip_breaks(str(pdf.docinfo["/Title"])) == SPECIMENS[tag].sentences[0]
        assert str(pdf.Root.Outlines.First.Title) == SPECIMENS[tag].sentences[0]
        found = [entry for thing in pdf.objects for entry in _strings(thing) if SIGNS.search(entry)]
    assert found == []
    assert not SIGNS.search(to_plain_text(rendered) + to_web_page(rendered))


def _strings(thing: object) -> list[str]:
    if isinstance(thing, pikepdf.String):
        return [str(thing)]
    if isinstance(thing, pikepdf.Dictionary):
        return [entry for value in dict(thing).values() if not _is_shared(value) for entry in _strings(value)]
    if isinstance(thing, pikepdf.Array):
        return [entry for value in thing if not _is_shared(value) for entry in _strings(value)]
    return []


def _is_shared(thing: object) -> bool:
    return isinstance(thing, pikepdf.Object) and thing.is_indirect


@pytest.mark.parametrize("tag", ["km", "ko", "ja"])
def test_only_texts_are_changed(tag: str) -> None:
    """Tags, attributes, data, titles and styles stay as they are, to the letter."""
    words = SPECIMENS[tag].sentences[0]
    fixed = (
        f'<head><title>{words}</title><style>p::after {{ content: "{words}" }}</style></head>'
        f"""<!-- {words} --><img alt="{words}"><p data-x='{words}' title="a > {words}">"""
        f'<bdi dir="ltr" class="tel">{words}</bdi><bdi dir="ltr" class="dose">{DOSE}</bdi></p>'
    )
    html = f'<html lang="{tag}">{fixed}<p>{words} &amp; {words}</p></html>'

    marked = set_breaks(html, [SPECIMENS[tag].language])

    assert fixed in marked
    assert marked != html
    assert strip_breaks(marked) == html


def test_each_part_breaks_as_its_own_language() -> None:
    """A page may hold parts in other languages; each is known by the nearest ``lang``."""
    korean, khmer = SPECIMENS["ko"].language, SPECIMENS["km"].language
    html = (
        '<html lang="en"><p>약을 សូមលេប<p lang="ko">약을<b>약을</b></p>'
        '<p lang="km">សូមលេប<span lang="ko">약을</span></p>'
    )

    assert set_breaks(html, [all_languages()["en"]]) == html
    assert set_breaks(html, [all_languages()["en"], korean, khmer]) == (
        '<html lang="en"><p>약을 សូមលេប<p lang="ko">약\u2060을\u2060<b>약\u2060을</b></p>'
        '<p lang="km">សូម\u200bលេប<span lang="ko">약\u2060을</span></p>'
    )


def test_particle_stays_with_its_dose() -> None:
    """A Korean particle is joined to the dose it belongs to, from outside of the dose."""
    dose = str(isolated(DOSE, "dose"))

    marked = set_breaks(f'<p lang="ko">약 {dose}을 드세요</p>', [SPECIMENS["ko"].language])

    assert f"약 {dose}\u2060을 드" in marked


def test_part_in_a_language_of_its_own_gets_its_font_and_its_breaks(cache_folder: Path, tmp_path: Path) -> None:
    """An English page with a Burmese part needs no more than to name that language."""
    english, burmese = all_languages()["en"], SPECIMENS["my"].language
    words = "".join(WORDS["my"][2].split("|"))
    part = f'<span lang="my" style="font-family: Noto Sans Myanmar">{words}</span>'

    made = make_pdf(page(english, "Words", part, others=(burmese,)), "en", cache_folder)

    assert plain("".join(lines_of(made, tmp_path)[1:])) == plain(words)


@pytest.mark.parametrize(
    ("tag", "text", "marked"),
    [
        ("my", "အော်ပီယွိုက်ဆေးများ", "အော်|ပီ|ယွိုက်|ဆေး|များ"),
        ("my", "မသောက်ပါ", "မသောက်|ပါ"),
        ("my", "သွားပါက ဆေး", "သွား|ပါက ဆေး"),
        ("km", "ណាល់ត្រិចសូន", "ណាល់|ត្រិច|សូន"),
        ("km", "លេប\u200bថ្នាំ", "លេប|ថ្នាំ"),
        ("km", "LDN (4 mg) www.example.org/a-b", "LDN (4 mg) www.example.org/a-b"),
    ],
)
def test_syllables_stay_whole_where_the_dictionary_fails(tag: str, text: str, marked: str) -> None:
    """Names that no dictionary has are cut between syllables; "not" stays with its verb; addresses stay whole."""
    shown = set_breaks(f'<p lang="{tag}">{text}</p>', [SPECIMENS[tag].language])

    assert shown == f'<p lang="{tag}">{marked.replace("|", ZERO_WIDTH_SPACE)}</p>'


def test_dictionaries_are_loaded_by_those_who_need_them() -> None:
    """An English page costs nothing."""
    code = (
        "import sys; import ldn_print.pdf; from ldn_print.languages import get_language\n"
        "from ldn_print.line_breaks import set_breaks; html = '<p lang=\"en\">é</p>'\n"
        "assert set_breaks(html, [get_language('en')]) == html\n"
        "assert not {'icu4py', 'budoux'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-P", "-c", code], check=True, env={"PYTHONPATH": str(ROOT)})


def test_unknown_way_to_break_is_told_with_the_choices() -> None:
    """Whoever adds a script learns what may stand there."""
    with pytest.raises(
        LanguageError, match=r"scripts\.Khmr\.breaks: 'word' is not one of the choices\n  Choices: words"
    ):
        languages._script("Khmr", {"breaks": "word"})


def test_specimens_show_every_script_and_make_no_language_available(library: Library) -> None:
    """All scripts of the registry are shown; what cannot be printed is not offered."""
    assert {specimen.language.script.name for specimen in all_specimens()} == set(all_scripts())
    assert set(all_languages()) <= set(SPECIMENS)
    assert {language.tag for language in Catalogs(library).available()} <= set(all_languages())
    for specimen in all_specimens():
        assert len(specimen.sentences) >= 2
        assert sum("{dose}" in sentence for sentence in specimen.sentences) == 1
        assert specimen.language.plural_count >= 1


def test_specimen_in_an_unknown_script_is_told() -> None:
    """A row names a script of the registry."""
    row = {"english": "X", "own": "X", "locale": "en", "script": "Thaa"}

    with pytest.raises(LanguageError, match="the script 'Thaa' is not in languages"):
        languages.make_language("dv", row)
