"""One story from signature to recall, with the commands that people type; and what pages say on the way."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf

from ldn_print.project import Library
from tests.conftest import ROOT, Run, change, pdf_text
from tests.signing import (
    CLINICIAN,
    LINGUIST,
    LONGER,
    approve,
    approve_english,
    approve_translation,
    ledger_of,
    list_reviewers,
)

OLD, NEW = "Rest, drink water, stand up slowly. Do not drive.", "Rest, drink water, get up slowly. Do not drive."
SHARED = "templates/sections/side-effects.html"


def states(run: Run, *more: str) -> dict[tuple[str, str, str], str]:
    """Return the state of every wording, as the command says it."""
    rows = json.loads(run("approvals", "--json", *more).out)["approvals"]
    return {(row["leaflet"], row["edition"], row["language"]): row["state"] for row in rows}


def sheet(language: str = "en", folder: str = "out", name: str = "fibromyalgia") -> Path:
    """Return where a build put a sheet."""
    return Path(folder) / language / f"{name}.standard.letter.pdf"


def code_of(path: Path) -> str:
    """Return the code that a person reads in the foot of a sheet."""
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{5}\b", pdf_text(path))
    assert found
    return found[0]


def test_story_from_signature_to_recall(small_copy: Library, run: Run) -> None:
    """Sign, change a shared sentence, see what is stale, sign again, verify old and new, recall the old words."""
    list_reviewers(small_copy.handouts)
    approve_english(run)
    approve_english(run, name="crohns-disease")
    approve_translation(run, "es-US")
    before = states(run)
    assert {key for key, state in before.items() if state == "approved"} == {
        ("fibromyalgia", "standard", "en"),
        ("crohns-disease", "standard", "en"),
        ("fibromyalgia", "standard", "es-US"),
    }

    built = run("build", "fibromyalgia", "-l", "en", "-l", "es-US", "--policy", "approved")
    assert built.code == 0, built.err
    assert "All of them are approved." in built.err
    assert "Approved by a prescriber and a pharmacist, November 2026" in pdf_text(sheet())
    spanish = pdf_text(sheet("es-US"))
    assert "Traducción aprobada, noviembre de 2026" in spanish
    assert "Translation approved, November 2026" in spanish
    assert "DRAFT" not in spanish + pdf_text(sheet())
    assert run("manifest").code == 0
    old = shutil.copy(sheet(), "old.pdf")
    first = run("verify", code_of(sheet()).lower())
    assert first.code == 0
    assert "current, now approved" in first.out
    assert "genuine" in run("verify", str(old)).out

    change(small_copy.root / SHARED, OLD, NEW)
    after = states(run, "-l", "en")
    stale = {key for key, state in after.items() if state == "stale"}
    assert stale == {("fibromyalgia", "standard", "en"), ("crohns-disease", "standard", "en")}
    shown = run("approvals", "fibromyalgia", "-e", "standard", "-l", "en").out
    assert "changed since it was signed: td Rest, drink water, [-stand-]{+get+} up slowly. Do not drive." in shown
    assert run("update").code == 0
    refused = run("build", "fibromyalgia", "-l", "en", "--policy", "approved")
    assert refused.code == 1
    assert "not approved (stale)" in refused.err
    gone = run("verify", "old.pdf")
    assert gone.code == 1
    assert "SUPERSEDED, now stale" in gone.out
    assert "Rest, drink water, [-stand-]{+get+} up slowly." in gone.out

    again = approve(run, "example-2", "pharmacist", CLINICIAN)
    assert "Changed since Example Pharmacist signed as pharmacist on" in again.err
    assert "[-stand-]{+get+} up slowly" in again.err
    assert approve(run, "example-1", "prescriber", CLINICIAN).code == 0
    assert states(run, "-l", "en")["fibromyalgia", "standard", "en"] == "approved"
    assert run("build", "fibromyalgia", "-l", "en", "--policy", "approved", "-o", "new").code == 0
    assert code_of(sheet(folder="new")) != code_of(Path("old.pdf"))
    current = run("verify", str(sheet(folder="new")), "--releases", "new")
    assert current.code == 0, current.out
    assert "It may be handed out." in current.out

    recalled = json.loads(run("recall", "--message", OLD, "--json").out)["sheets"]
    assert {(row["leaflet"], row["language"]) for row in recalled} == {
        ("fibromyalgia", "en"),
        ("fibromyalgia", "es-US"),
    }
    assert run("recall", "--message", NEW, "--json").out.count('"code"') == 0


def test_withdrawn_words_are_never_printed(small_copy: Library, run: Run) -> None:
    """Under no policy, in no language; the sheet that is out there is told to be thrown away."""
    list_reviewers(small_copy.handouts)
    assert run("build", "fibromyalgia", "-l", "en", "-l", "ar", "-o", "before").code == 0
    who = ("--role", "pharmacist", "--reviewer", "example-2", "--yes")
    silent = run("withdraw", "fibromyalgia", *who)
    assert silent.code == 3
    assert "Give the reason with --note" in silent.err

    assert run("withdraw", "fibromyalgia", *who, "--note", "A wrong time after opioids.").code == 0
    for tag in ("en", "ar"):
        ran = run("build", "fibromyalgia", "-l", tag)
        assert ran.code == 1
        assert "these words were withdrawn" in ran.err
    both = run("build", "fibromyalgia", "-l", "ar", "-e", "bilingual", "--draft")
    assert "A-withdrawn" in both.err
    assert not Path("out").exists()
    assert run("build", "fibromyalgia", "-e", "guide", "-l", "en").code == 0
    verified = run("verify", str(sheet("ar", "before")), "--releases", "before")
    assert verified.code == 1
    assert "WITHDRAWN" in verified.out
    assert "DO NOT HAND IT OUT" in verified.out
    shown = run("approvals", "fibromyalgia", "-e", "standard", "-l", "en")
    assert "withdraw these words as pharmacist: Example Pharmacist: A wrong time after opioids." in shown.out


def test_typo_goes_through_every_language(small_copy: Library, run: Run) -> None:
    """A named clinician says that the meaning did not change; it stands in every ledger and catalog."""
    list_reviewers(small_copy.handouts)
    approve_english(run)
    approve_translation(run, "es-US")
    change(small_copy.root / SHARED, OLD, NEW)
    assert run("update").code == 0
    assert "incomplete" in run("approvals", "-l", "es-US").out

    options = ("--unchanged", "--role", "pharmacist", "--reviewer", "example-2", "--yes")
    nameless = run("approve", "fibromyalgia", *options)
    assert nameless.code == 3
    assert "Say it with --note" in nameless.err
    by_linguist = run(
        "approve", "fibromyalgia", "--unchanged", "--role", "linguist", "--reviewer", "example-3", "--yes"
    )
    assert by_linguist.code == 3
    ran = run("approve", "fibromyalgia", *options, "--note", "A plainer word.")

    assert ran.code == 0, ran.err
    now = states(run)
    assert now["fibromyalgia", "standard", "en"] == now["fibromyalgia", "standard", "es-US"] == "approved"
    text = ledger_of(small_copy).read_text(encoding="utf-8")
    assert text.count('action = "unchanged"') == 2
    assert text.count('note = "A plainer word."') == 2
    catalog = small_copy.catalog("es_US").read_text(encoding="utf-8")
    assert re.search(rf"# unchanged \S+ example-2: {re.escape(OLD)}", catalog)
    assert run("check", "-l", "es-US").out == ""


def test_translation_that_changed_too_is_not_carried_over(small_copy: Library, run: Run) -> None:
    """Its words are not those that were signed: linguist and reviser look again."""
    list_reviewers(small_copy.handouts)
    approve_english(run)
    approve_translation(run, "es-US")
    change(small_copy.root / SHARED, OLD, NEW)
    change(small_copy.catalog("es_US"), 'msgstr "Sarpullido."', 'msgstr "Un sarpullido."')
    assert run("update").code == 0
    before = small_copy.catalog("es_US").read_bytes()

    who = ("--role", "pharmacist", "--reviewer", "example-2", "--yes", "--note", "A plainer word.")
    ran = run("approve", "fibromyalgia", "--unchanged", *who)

    assert "es-US: not carried over: its words changed too" in ran.out
    assert small_copy.catalog("es_US").read_bytes() == before


def test_machine_draft_needs_a_named_linguist(small_copy: Library, run: Run) -> None:
    """A clinician who reads it and a reviser are not enough."""
    list_reviewers(small_copy.handouts)
    approve_english(run)
    assert approve(run, "example-4", "reviser", LONGER, "-l", "hi").code == 0
    assert approve(run, "example-1", "prescriber", f"{CLINICIAN},reads-language", "-l", "hi").code == 0

    assert states(run, "-l", "hi")["fibromyalgia", "standard", "hi"] == "draft"
    assert run("build", "fibromyalgia", "-l", "hi").code == 0
    assert "DRAFT: machine translation, not checked" in pdf_text(sheet("hi"))

    assert approve(run, "example-3", "linguist", LINGUIST, "-l", "hi").code == 0
    assert states(run, "-l", "hi")["fibromyalgia", "standard", "hi"] == "approved"


def test_reviewed_translation_says_that_it_is_not_yet_approved(small_copy: Library, run: Run) -> None:
    """Linguist and reviser have signed, no clinician has."""
    list_reviewers(small_copy.handouts)
    assert approve(run, "example-3", "linguist", LONGER, "-l", "ar").code == 0
    assert approve(run, "example-4", "reviser", LINGUIST, "-l", "ar").code == 0

    assert states(run, "-l", "ar")["fibromyalgia", "standard", "ar"] == "language-reviewed"
    assert run("build", "fibromyalgia", "-l", "ar").code == 0
    assert "DRAFT: not yet approved" in pdf_text(sheet("ar"))


def test_every_words_of_a_page_have_to_be_approved(small_copy: Library, run: Run) -> None:
    """Two languages, the guide, tools behind a sheet, a packet: each asks for its own words."""
    list_reviewers(small_copy.handouts)
    approve_english(run)

    def lacking(*arguments: str) -> str:
        ran = run("build", *arguments, "--policy", "approved")
        assert ran.code == 1
        return ran.err

    assert "fibromyalgia (standard, es-US)" in lacking("fibromyalgia", "-l", "es-US", "-e", "bilingual")
    assert "fibromyalgia (guide, en)" in lacking("fibromyalgia", "-l", "en", "-e", "guide")
    behind = lacking("fibromyalgia", "-l", "en", "--with", "diary")
    assert "diary (tool, en)" in behind
    assert "fibromyalgia (standard, en)" not in behind
    card = lacking("card", "-l", "es-US")
    assert "card (tool, es-US)" in card
    assert "card (tool, en)" in card
    for edition in ("large-print", "summary"):
        ran = run("build", "fibromyalgia", "-l", "en", "-e", edition, "--policy", "approved")
        assert ran.code == 0, ran.err
    twins = run("build", "fibromyalgia", "-l", "en", "--policy", "approved", "-f", "html", "-f", "text")
    assert twins.code == 0, twins.err
    text = Path("out/en/fibromyalgia.standard.txt").read_text(encoding="utf-8")
    assert "Approved by a prescriber and a pharmacist, November 2026" in text


def test_past_its_date_of_review(small_copy: Library, run: Run) -> None:
    """Marked in both languages, or refused; approved words too."""
    list_reviewers(small_copy.handouts)
    approve_english(run)
    path = small_copy.handouts / "fibromyalgia" / "handout.toml"
    text = path.read_text(encoding="utf-8").replace("2026-11-23", "2024-11-01")
    path.write_text(text.replace("review_by = 2028-11-23", "review_by = 2026-11-01"), encoding="utf-8")

    assert states(run, "-l", "en")["fibromyalgia", "standard", "en"] == "expired"
    assert run("build", "fibromyalgia", "-l", "en", "-l", "ar").code == 0
    english, arabic = pdf_text(sheet()), pdf_text(sheet("ar"))
    assert english.count("PAST REVIEW DATE: ask for a new sheet") == 2
    assert "DRAFT" not in english
    assert "PAST" not in arabic
    assert "DRAFT: machine translation, not checked" in arabic
    assert "مسودة، مضى تاريخ مراجعتها" in run("build", "fibromyalgia", "-l", "ar", "-f", "text").out + Path(
        "out/ar/fibromyalgia.standard.txt"
    ).read_text(encoding="utf-8")
    refused = run("build", "fibromyalgia", "-l", "en", "--policy", "approved")
    assert refused.code == 1
    assert "the date to review them has passed" in refused.err


def test_clinic_signs_in_its_own_folder(small_copy: Library, run: Run) -> None:
    """The library stays as it is; with the clinic's profile its own signatures count."""
    Path("clinic.toml").write_text('country = "US"\npolicy = "approved"\napprovals = "signed"\n', encoding="utf-8")
    list_reviewers(Path("signed"))
    approve_english(run, "--clinic", "clinic.toml")

    assert not ledger_of(small_copy).exists()
    assert Path("signed/fibromyalgia/approvals.toml").is_file()
    ran = run("build", "fibromyalgia", "-l", "en", "--clinic", "clinic.toml")
    assert ran.code == 0, ran.err
    assert run("build", "fibromyalgia", "-l", "en", "--policy", "approved").code == 1


def test_verify_tells_altered_and_unknown(small_copy: Library, run: Run) -> None:
    """Bytes that differ, a code that nobody printed, one typed wrong, another file."""
    assert run("build", "fibromyalgia", "-l", "en").code == 0
    Path("altered.pdf").write_bytes(sheet().read_bytes().replace(b"%%EOF", b"%%EOF "))
    altered = run("verify", "altered.pdf")
    assert altered.code == 1
    assert "ALTERED" in altered.out

    unknown = run("verify", "0000-00000")
    assert unknown.code == 1
    assert "nothing is known of this sheet" in unknown.err
    assert run("verify", "0000-00001").code == 2
    assert run("verify", "nothing.pdf").code == 2
    Path("other.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert "carries no code" in run("verify", "other.pdf").err


def test_manifest_knows_nothing_of_a_patient(small_copy: Library, run_program: Run, tmp_path: Path) -> None:
    """A filled-in copy can be looked up by its code, and not even its hash is kept."""
    import hashlib
    import os
    import subprocess
    import sys

    from tests.conftest import ROOT

    done = subprocess.run(
        [sys.executable, "-P", "-m", "ldn_print", "build", "fibromyalgia", "-l", "en", "--patient", "-"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input='name = "Zzyzx Canary"\n',
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    path = tmp_path / "out" / "en" / "fibromyalgia.standard.letter.personal.pdf"
    manifest = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")

    assert "Canary" not in manifest
    assert hashlib.sha256(path.read_bytes()).hexdigest() not in manifest
    verified = run_program("verify", str(path), "--releases", str(tmp_path / "out"))
    assert verified.code == 0, verified.err
    assert "a copy filled in for a patient" in verified.out
    assert "Canary" not in verified.out


def test_release_refuses_what_is_not_what_was_built(small_copy: Library, run: Run) -> None:
    """A changed file, changed words, no build at all."""
    assert run("manifest").code == 3
    assert run("build", "fibromyalgia", "-l", "en").code == 0
    whole = sheet().read_bytes()
    sheet().write_bytes(whole + b" ")
    altered = run("manifest")
    assert altered.code == 3
    assert "not what the build made: en/fibromyalgia.standard.letter.pdf" in altered.err
    sheet().write_bytes(whole)
    change(small_copy.root / SHARED, OLD, NEW)
    changed = run("manifest")
    assert changed.code == 3
    assert "the words changed since the build" in changed.err
    assert not small_copy.releases.exists()


def test_recall_finds_printed_numbers_and_sections(small_copy: Library, run: Run) -> None:
    """As it stands on paper, with its number; by section; by day; in every language."""
    assert run("build", "fibromyalgia", "-l", "en", "-l", "hi").code == 0
    assert run("build", "diary", "-l", "en").code == 0
    assert run("manifest").code == 0

    def found(*options: str) -> set[tuple[str, str]]:
        rows = json.loads(run("recall", "--json", "--releases", str(small_copy.releases), *options).out)["sheets"]
        return {(row["leaflet"], row["language"]) for row in rows}

    both = {("fibromyalgia", "en"), ("fibromyalgia", "hi")}
    assert found("--message", "Opioid in the last 14 days? Do not start LDN.") == both
    assert found("--message", "Never split or crush 50 mg naltrexone.") == both
    assert found("--section", "help") == both
    assert found("--since", "2020-01-01") == {*both, ("diary", "en")}
    assert found("--since", "2999-01-01") == set()
    assert found("--message", "words that nobody wrote") == set()
    assert run("recall").code == 2


def test_square_code_stands_on_the_sheet_when_the_clinic_has_an_address(library: Library, run: Run) -> None:
    """With the sheet's own code in it, and no patient; without an address there is none."""
    profile = 'country = "US"\nverify_url = "https://example.org/ldn/"\n'
    Path("clinic.toml").write_text(profile, encoding="utf-8")
    for tag in ("en", "ar"):
        ran = run("build", "fibromyalgia", "-l", tag, "--clinic", "clinic.toml", "-f", "pdf", "-f", "html")
        assert ran.code == 0, ran.err
    html = Path("out/en/fibromyalgia.standard.html").read_text(encoding="utf-8")
    assert 'alt="Scan to see if this sheet is up to date."' in html
    with pikepdf.open(sheet()) as pdf:
        assert len(pdf.pages) == 2
        assert str(pdf.docinfo["/Keywords"]) == code_of(sheet())
    assert run("build", "fibromyalgia", "-l", "en", "-f", "html", "-o", "plain").code == 0
    assert "Scan to see" not in Path("plain/en/fibromyalgia.standard.html").read_text(encoding="utf-8")

    Path("clinic.toml").write_text('country = "US"\nverify_url = "javascript:x"\n', encoding="utf-8")
    refused = run("build", "fibromyalgia", "-l", "en", "--clinic", "clinic.toml")
    assert refused.code == 3
    assert "verify_url" in refused.err


def test_person_is_asked_for_each_point(small_copy: Library, tmp_path: Path) -> None:
    """On a terminal: every attestation, then the signature; one "no" and nothing is written."""
    list_reviewers(small_copy.handouts)
    command = [sys.executable, "-P", "-m", "ldn_print", "approve", "fibromyalgia"]
    command += ["--role", "prescriber", "--reviewer", "example-1"]

    def answer(words: str) -> tuple[int, str]:
        terminal, inside = pty.openpty()
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=inside,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        os.write(terminal, words.encode())
        said, _ = process.communicate(timeout=120)
        os.close(terminal)
        os.close(inside)
        return process.returncode, said

    code, said = answer("y\nn\n")
    assert code == 130
    assert not ledger_of(small_copy).exists()
    code, said = answer("y\ny\ny\ny\n")
    assert code == 0, said
    assert "I read every word of these pages." in said
    assert "Doses, times, medicines and warnings are right." in said
    assert "Sign these words as Example Prescriber, MD (prescriber)?" in said
    assert 'criteria = ["read-all", "facts", "doses"]' in ledger_of(small_copy).read_text(encoding="utf-8")
    assert (tmp_path / "approve" / "fibromyalgia.standard.en.pdf").is_file()


def test_nobody_signs_by_accident(small_copy: Library, run: Run) -> None:
    """Without a terminal and without --yes; without what has to be attested; with a criterion that is none."""
    list_reviewers(small_copy.handouts)
    who = ("approve", "fibromyalgia", "--role", "prescriber", "--reviewer", "example-1")

    assert "Add --yes" in run(*who).err
    short = run(*who, "--yes", "--criteria", "read-all")
    assert short.code == 3
    assert "also has to attest facts, doses" in short.err
    assert "'read-everything' is not known" in run(*who, "--yes", "--criteria", "read-everything").err
    assert not ledger_of(small_copy).exists()


def test_withdrawn_words_do_not_come_back_as_unchanged(small_copy: Library, run: Run) -> None:
    """Signatures under words that were withdrawn carry over to no other words."""
    list_reviewers(small_copy.handouts)
    approve_english(run)
    who = ("--role", "pharmacist", "--reviewer", "example-2", "--yes", "--note", "Example reason.")
    assert run("withdraw", "fibromyalgia", *who).code == 0
    change(small_copy.root / SHARED, OLD, NEW)

    ran = run("approve", "fibromyalgia", "--unchanged", *who)

    assert ran.code == 3
    assert "were withdrawn: their signatures carry over to nothing" in ran.err
    assert states(run, "-l", "en")["fibromyalgia", "standard", "en"] == "stale"
