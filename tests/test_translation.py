"""The guard: a table of translations that pass, and of faults with the code that refuses each."""

from __future__ import annotations

from pathlib import Path

import pytest

from ldn_print.catalog import Catalog, Entry
from ldn_print.checks.translation import Guard
from ldn_print.errors import CatalogError
from ldn_print.forms import WordFinder, count
from ldn_print.languages import get_language
from ldn_print.messages import MessageKey, SourceMessage
from ldn_print.project import Library
from ldn_print.termbase import load_source_terms, load_term_base
from tests.conftest import ROOT

LIBRARY = Library(ROOT)
IDEAS = load_source_terms(LIBRARY.source_terms)


def guard(tag: str) -> Guard:
    """Return the guard of a language of the library."""
    language = get_language(tag)
    return Guard(language, load_term_base(LIBRARY.terms(language.locale), IDEAS, language.script.name))


GUARDS = {tag: guard(tag) for tag in ("es-US", "ar", "zh-Hans", "hi")}


def codes(source: str, target: str, tag: str = "es-US", *notes: str, safety: bool = True) -> set[str]:
    """Return the codes of the findings about a translation."""
    message = SourceMessage(MessageKey("", source), "templates/x.html", 1, is_safety=safety)
    entry = Entry((target,), fuzzy=False, line=3, notes=notes)
    return {finding.code for finding in GUARDS[tag].check_entry(message, entry, "x.po:3")}


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Phone {phone}.", "Teléfono {phone}.", set()),
        ("Phone {phone}.", "Teléfono.", {"T-placeholder"}),
        ("Phone {phone}.", "Teléfono {fone}.", {"T-placeholder"}),
        ("Phone {phone}.", "Teléfono {phone} o {phone}.", {"T-placeholder"}),
        ("Phone {phone}.", "Teléfono {phone.__class__}.", {"T-placeholder"}),
        ("Phone {phone}.", "Teléfono { phone }.", {"T-placeholder"}),
        ("Phone {phone}.", "Teléfono {phone.", {"T-placeholder"}),
        ("Phone us.", "Teléfono {phone}.", {"T-placeholder"}),
        ("<b>Rest.</b> Sit.", "<b>Descanse.</b> Siéntese.", set()),
        ("<b>Rest.</b> Sit.", "Descanse. Siéntese.", {"T-tag"}),
        ("<b>Rest.</b> Sit.", "<b>Descanse. Siéntese.", {"T-tag"}),
        ("<b>Rest.</b> Sit.", "</b>Descanse.<b> Siéntese.", {"T-tag"}),
        ("<b>Rest.</b> Sit.", "<b>Descanse.</b> <b>Siéntese.", {"T-tag"}),
        ("Rest.", "<b>Descanse.</b>", {"T-html"}),
        ("Rest.", '<img src="x">Descanse.', {"T-html"}),
        ("Rest.", "<script>x</script>", {"T-html", "T-punctuation"}),
        ("Rest.", "Descanse < ya.", {"T-html"}),
        ("Rest.", "Descanse 2.", {"T-number"}),
        ("Rest.", "Descanse ٢.", {"T-number"}),
        ("Rest.", "Descanse ½.", {"T-number"}),
        ("Rest.", "Descanse Ⅳ.", {"T-number"}),
    ],
)
def test_markup(source: str, target: str, expected: set[str]) -> None:
    """A translation may move placeholders and tags, never change, add or drop them, nor type a number."""
    assert codes(source, target) == expected


@pytest.mark.parametrize(
    ("tag", "source", "target", "expected"),
    [
        ("es-US", "Take tramadol.", "Tome tramadol.", set()),
        ("es-US", "Take tramadol.", "Tome codeína.", {"T-drug"}),
        ("es-US", "Take tramadol.", "Tome tramadal.", {"T-drug"}),
        ("es-US", "Take tramadol and codeine.", "Tome tramadol.", {"T-drug"}),
        ("es-US", "Take naltrexone.", "Tome naloxona.", {"T-drug"}),
        ("ar", "Take naltrexone.", "تناول نالوكسون.", {"T-drug"}),
        ("zh-Hans", "Take naltrexone.", "服用纳洛酮。", {"T-drug"}),
        ("hi", "Take naltrexone.", "नालोक्सोन लें।", {"T-drug"}),
        ("es-US", "Take it in the morning.", "Tómela en la mañana.", set()),
        ("es-US", "Take it in the morning.", "Tómela en la noche.", {"T-moment"}),
        ("es-US", "All your mL.", "Todos sus mg.", {"T-unit"}),
        ("es-US", "In {x} weeks.", "En {x} días.", {"T-unit"}),
        ("hi", "In {x} weeks.", "{x} दिनों में।", {"T-unit"}),
        ("zh-Hans", "In {x} weeks.", "{x} 天内。", {"T-unit"}),
        ("ar", "In {x} weeks.", "خلال {x} أيام.", {"T-unit"}),
        ("es-US", "In two weeks.", "En tres semanas.", {"T-count"}),
        ("es-US", "A capsule.", "Una tableta.", {"T-form"}),
        ("es-US", "Do not start LDN.", "No empiece LDN.", set()),
        ("es-US", "Do not start LDN.", "Empiece LDN.", {"T-negation"}),
        ("es-US", "Do not start LDN.", "No deje LDN.", {"T-action"}),
        (
            "es-US",
            "Do not start LDN. Do not stop the opioid.",
            "No deje LDN. No empiece el opioide.",
            {"T-action"},
        ),
        ("es-US", "Do not start LDN. Do not stop the opioid.", "No empiece el opioide. No deje LDN.", {"T-drug"}),
        ("ar", "Never start LDN.", "لا تبدأ LDN أبداً.", set()),
        ("ar", "Never start LDN.", "تبدأ LDN أبداً.", {"T-negation"}),
        ("zh-Hans", "Do not start LDN.", "不要开始用 LDN。", set()),
        ("zh-Hans", "Do not start LDN.", "要开始用 LDN。", {"T-negation"}),
        ("hi", "Do not start LDN.", "LDN शुरू करें।", {"T-negation"}),
        ("hi", "Never split or crush it.", "कभी न तोड़ें, न पीसें।", set()),
        ("hi", "Never split or crush it.", "कभी तोड़ें, न पीसें।", {"T-negation"}),
        ("es-US", "Take LDN.", "No tome LDN.", {"T-negation"}),
        ("es-US", "Rash.", "Orina.", {"T-sign"}),
        ("es-US", "Rash. Shaking.", "Sarpullido y temblores.", {"T-short"}),
        ("es-US", "Opioids.", "Narcóticos opioides.", {"T-forbidden"}),
        ("es-US", "An allergy.", "Un malestar.", {"T-term"}),
        ("es-US", "Rest well.", "Dеscanse bien.", {"T-script"}),
        ("ar", "Rest well.", "استرح well.", set()),
        ("ar", "Rest.", "استرح well.", {"T-latin"}),
        ("es-US", "Rest.", "Descanse cc.", {"T-notation"}),
        ("es-US", "Rest.", "Descanse\u202e.", {"T-bidi"}),
        ("ar", "Rest.", "استرح\u2067.", {"T-bidi"}),
        ("es-US", "Rest.", "Descanse\x07.", {"T-hidden"}),
        ("es-US", "Rest?", "Descanse.", {"T-punctuation"}),
        ("es-US", "Rest?", "¿Descansa?", set()),
        ("es-US", "Rest?", "Descansa?", {"T-punctuation"}),
        ("es-US", "Rest now.", "Descanse  ya.", {"T-space"}),
        ("es-US", "Rest now.", "Rest now.", {"T-same"}),
        ("es-US", "Use LDN.", "Use LND.", {"T-drug"}),
    ],
)
def test_meaning_and_writing(tag: str, source: str, target: str, expected: set[str]) -> None:
    """A dose, a name, a time, a *not* or a word of the term base cannot go wrong unseen."""
    assert codes(source, target, tag) == expected


def test_finding_names_place_both_texts_and_way_out() -> None:
    """A translator sees the line, the English, the own text, and what to do."""
    message = SourceMessage(MessageKey("", "Do not start LDN."), "templates/x.html", 1, is_safety=True)

    (finding,) = GUARDS["es-US"].check_entry(message, Entry(("Empiece LDN.",), fuzzy=False, line=3), "es.po:3")

    first, english, here, hint = str(finding).splitlines()
    assert first == "es.po:3: a 'not' is lost: 1 in English, 0 here [T-negation]"
    assert english.strip() == "English: Do not start LDN."
    assert here.strip() == "Here:    Empiece LDN."
    assert "terms.toml" in hint


@pytest.mark.parametrize(
    ("note", "safety", "expected"),
    [
        ("ok T-same: it is a name", True, set()),
        ("ok T-same:", True, {"T-same", "T-silence"}),
        ("ok T-space: why", True, {"T-same", "T-silence"}),
        ("ok T-drug: why", True, {"T-same", "T-silence"}),
        ("a note of somebody", True, {"T-same"}),
    ],
)
def test_finding_is_silenced_with_a_reason(note: str, safety: bool, expected: set[str]) -> None:
    """A reason silences its own finding, and what keeps a patient safe cannot be silenced."""
    found = codes("Rest now.", "Rest now.", "es-US", note, safety=safety)

    assert found - {"T-same"} == expected - {"T-same"}
    assert ("T-same" in found) == (note != "ok T-same: it is a name" and note != "ok T-same:")


def test_lost_not_is_silenced_outside_safety_messages_alone() -> None:
    """Where nobody is harmed a language may say it in its own way."""
    silent = "ok T-negation: said with another word"

    assert codes("It did not help.", "Falló.", "es-US", silent, safety=False) == set()
    assert "T-negation" in codes("It did not help.", "Falló.", "es-US", silent, safety=True)


def test_back_translation_belongs_to_its_wording() -> None:
    """A changed translation is not covered by the back-translation of the old one."""
    mark = Entry(("Descanse.",), fuzzy=False, line=1).mark

    assert codes("Rest.", "Descanse.", "es-US", f"back {mark}: Rest.") == set()
    assert codes("Rest.", "Descanse ya.", "es-US", f"back {mark}: Rest.") == {"T-back"}


def test_twins_are_told() -> None:
    """One English text has one translation, or a reason."""
    keys = [MessageKey("a", "Upset stomach."), MessageKey("", "Upset stomach")]
    messages = [SourceMessage(key, "x.html", 1) for key in keys]
    entries = {keys[0]: Entry(("Náuseas.",), False, 1), keys[1]: Entry(("Malestar",), False, 5)}

    found = list(GUARDS["es-US"].check_twins(messages, Catalog(Path("x.po"), entries, "")))

    assert [(finding.code, finding.place) for finding in found] == [("T-twin", "x.po:5")]


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("fangen … an", "Fangen Sie nicht damit an.", True),
        ("fangen … an", "Fangen Sie nicht damit. An der See.", False),
        ("fangen … an", "An damit fangen.", False),
        ("*dosis", "Die Morgendosis.", True),
        ("*dosis", "Dosiert.", False),
        ("dosier*", "Dosierung.", True),
        ("^nie", "Nie wieder.", True),
        ("^nie", "Das, nie.", True),
        ("^nie", "Das nie.", False),
        ("zu viel", "Zu\u00a0viel davon.", True),
        ("zu viel", "Immer zu. Viel Glück.", False),
    ],
)
def test_form_matches_words(form: str, text: str, found: bool) -> None:
    """A form may have gaps, endings and a place, and never reaches over the end of a sentence."""
    assert bool(count(WordFinder({"x": [form]}), text)) == found


def test_idea_without_a_word_keeps_its_messages_off_the_page(tmp_path: Path) -> None:
    """What nothing can watch is not printed."""
    language = get_language("es-US")
    empty = Guard(language, load_term_base(tmp_path / "terms.toml", IDEAS, "Latn"))
    message = SourceMessage(MessageKey("", "A capsule."), "x.html", 1)

    found = empty.check_entry(message, Entry(("Una cápsula.",), fuzzy=False, line=3), "x.po:3")

    assert {finding.code for finding in found if finding.is_error} == {"T-termbase"}
    assert any("capsule = { use" in finding.hint for finding in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[terms]\ncapsle = { use = [] }\n[negation]\n", "Did you mean 'capsule'?"),
        ('[terms]\ncapsule = { use = "x" }\n[negation]\n', "expected a list"),
        ("[terms\n", "is not valid TOML"),
    ],
)
def test_term_base_that_cannot_be_read_is_told(tmp_path: Path, text: str, words: str) -> None:
    """Every mistake names file and key."""
    path = tmp_path / "terms.toml"
    path.write_text(text)

    with pytest.raises(CatalogError) as caught:
        load_term_base(path, IDEAS, "Latn")

    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_term_bases_have_a_word_for_every_idea() -> None:
    """The guard of a shipped language watches everything."""
    for tag, watched in GUARDS.items():
        assert watched.terms.gaps == (), tag
        assert len(IDEAS.concepts) > 130
