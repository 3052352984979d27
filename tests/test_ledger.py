"""The ledger under fault: nothing that somebody signed is lost, and nothing that was tampered with counts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ldn_print.ledger import adding
from ldn_print.project import Library
from tests.conftest import ROOT, Run, change
from tests.signing import (
    CLINICIAN,
    REVIEWERS,
    approve,
    approve_english,
    ledger_of,
    list_reviewers,
)


@pytest.fixture
def signed(small_copy: Library, run: Run) -> Library:
    """Return a library in which two people have signed the English words of a handout."""
    list_reviewers(small_copy.handouts)
    approve_english(run)
    return small_copy


def refused(run: Run) -> str:
    """Return what is said when a ledger cannot be trusted: nothing is printed, shown or signed."""
    built = run("build", "fibromyalgia", "-l", "en")
    shown = run("approvals", "fibromyalgia", "-l", "en")
    again = approve(run, "example-2", "pharmacist", CLINICIAN)

    assert [ran.code for ran in (built, shown, again)] == [3, 3, 3]
    assert "Traceback" not in built.err + shown.err + again.err
    return shown.err


def test_ledger_says_who_signed_what(signed: Library) -> None:
    """A person can read it; the words are beside it under their digest."""
    text = ledger_of(signed).read_text(encoding="utf-8")
    (digest,) = set(re.findall(r'wording = "([0-9a-f]{64})"', text))

    assert "records = 2" in text
    assert 'name = "Example Prescriber"\ncredential = "MD"' in text
    assert (signed.handouts / "fibromyalgia" / "signed" / f"{digest}.txt").is_file()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('role = "prescriber"', 'role = "pharmacist"', "record 1 .*was changed after it was written"),
        ('name = "Example Pharmacist"', 'name = "Somebody Else"', "record 2 .*was changed after it was written"),
        ('"doses"]', '"doses", "local"]', "was changed after it was written"),
        ("records = 2", "records = 3", "has 2 records, and says that there are 3"),
        ("[[record]]", "[[record]", "is not valid TOML"),
        ('action = "sign"', 'action = "signed"', "'signed' is not one of the choices"),
        ("format = 1", "format = 2", "Use a newer ldn-print"),
        ('edition = "standard"', 'colour = "red"', "edition: is missing"),
    ],
)
def test_hand_edited_record_is_found(signed: Library, run: Run, old: str, new: str, words: str) -> None:
    """The place, the fact, and what to do."""
    change(ledger_of(signed), old, new)

    assert re.search(words, refused(run))


def split(signed: Library) -> tuple[str, list[str]]:
    """Return the head of a ledger's file and its records."""
    head, *records = ledger_of(signed).read_text(encoding="utf-8").split("\n[[record]]\n")
    return head, [f"\n[[record]]\n{record}" for record in records]


def test_reordered_records_are_found(signed: Library, run: Run) -> None:
    """Two records that changed places."""
    head, (first, second) = split(signed)
    ledger_of(signed).write_text("".join([head, "\n", second, first]), encoding="utf-8")

    assert "records were moved, taken out or merged" in refused(run)


def test_record_taken_out_is_found(signed: Library, run: Run) -> None:
    """A record is gone from the middle, or from the end with the count changed."""
    head, (_first, second) = split(signed)
    ledger_of(signed).write_text(f"{head.replace('records = 2', 'records = 1')}\n{second}", encoding="utf-8")

    assert "follows a record that is gone" in refused(run)


def test_truncated_file_is_found_wherever_it_ends(signed: Library, run: Run) -> None:
    """A copy that broke off: at any byte, in a record or between two."""
    path = ledger_of(signed)
    whole = path.read_bytes()
    for length in range(len(whole) - 2, 0, -61):
        path.write_bytes(whole[:length])
        ran = run("approvals", "fibromyalgia", "-l", "en")
        assert ran.code == 3, whole[:length]
        assert str(path) in ran.err
    head, (first, _second) = split_text(whole.decode())
    path.write_text(f"{head}\n{first}", encoding="utf-8")
    assert "has 1 records, and says that there are 2" in refused(run)


def split_text(text: str) -> tuple[str, list[str]]:
    """Return the head of a ledger's text and its records."""
    head, *records = text.split("\n[[record]]\n")
    return head, [f"\n[[record]]\n{record}" for record in records]


def test_put_back_it_is_as_it_was(signed: Library, run: Run) -> None:
    """What the error asks for mends it."""
    path = ledger_of(signed)
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert run("approvals", "fibromyalgia", "-l", "en").code == 3

    path.write_bytes(whole)
    ran = run("approvals", "fibromyalgia", "-e", "standard", "-l", "en")

    assert ran.out.startswith("fibromyalgia (standard) in en: approved\n")


def test_changed_words_beside_the_ledger_are_found(signed: Library, run: Run) -> None:
    """What was signed is shown again only if it is what was signed."""
    (text,) = (signed.handouts / "fibromyalgia" / "signed").glob("*.txt")
    change(text, "50 mg", "500 mg")
    change(signed.templates / "sections" / "help.html", "Bad dreams.", "Very bad dreams.")

    ran = approve(run, "example-2", "pharmacist", CLINICIAN)

    assert ran.code == 3
    assert "these are not the words that were signed" in ran.err


def test_two_people_sign_at_once(small_copy: Library) -> None:
    """Both records are there, in one chain."""
    list_reviewers(small_copy.handouts)
    people = (("example-1", "prescriber"), ("example-2", "pharmacist"))
    command = [
        sys.executable,
        "-P",
        "-m",
        "ldn_print",
        "approve",
        "fibromyalgia",
        "--yes",
        "--criteria",
        CLINICIAN,
    ]
    running = [
        subprocess.Popen(
            [*command, "--reviewer", reviewer, "--role", role, "--pages", str(small_copy.root / reviewer)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for reviewer, role in people
    ]
    said = [process.communicate(timeout=120)[1] for process in running]

    assert [process.returncode for process in running] == [0, 0], said
    text = ledger_of(small_copy).read_text(encoding="utf-8")
    assert "records = 2" in text
    assert {"example-1", "example-2"} == set(re.findall('reviewer = "([^"]+)"', text))


KILLED = """
import os, signal, sys
from pathlib import Path
from ldn_print import cli

def killed(self, target):
    if str(target).endswith("approvals.toml"):
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)

replace, Path.replace = Path.replace, killed
cli.main(sys.argv[1:])
"""


def test_killed_while_it_writes_the_ledger_is_as_it_was(signed: Library, run: Run, tmp_path: Path) -> None:
    """Power goes at the last moment: the old ledger stands, whole, and the next signature works."""
    change(signed.templates / "sections" / "help.html", "Bad dreams.", "Very bad dreams.")
    before = ledger_of(signed).read_bytes()
    options = [
        "approve",
        "fibromyalgia",
        "--role",
        "prescriber",
        "--reviewer",
        "example-1",
        "--criteria",
        CLINICIAN,
    ]
    killed = subprocess.run(
        [sys.executable, "-P", "-c", KILLED, *options, "--yes"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
    )

    assert killed.returncode == -9, killed.stderr
    assert ledger_of(signed).read_bytes() == before
    assert approve(run, "example-1", "prescriber", CLINICIAN).code == 0
    assert "records = 3" in ledger_of(signed).read_text(encoding="utf-8")


def test_words_that_changed_meanwhile_are_not_signed(
    small_copy: Library, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody edits a template between reading and signing."""
    list_reviewers(small_copy.handouts)

    def edit_first(folder: Path) -> object:
        change(small_copy.templates / "sections" / "help.html", "Bad dreams.", "Good dreams.")
        return adding(folder)

    monkeypatch.setattr("ldn_print.signing.adding", edit_first)
    ran = approve(run, "example-1", "prescriber", CLINICIAN)

    assert ran.code == 3
    assert "the words changed while you were reading" in ran.err
    assert not ledger_of(small_copy).exists()


def make_key(folder: Path, name: str) -> tuple[Path, str]:
    """Return a new SSH key without a passphrase: the file and its public line."""
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)], check=True)
    return path, path.with_suffix(".pub").read_text(encoding="utf-8").strip()


def with_key(public: str) -> str:
    """Return the list of reviewers in which the pharmacist has a key."""
    old = 'name = "Example Pharmacist"\n'
    return REVIEWERS.replace(old, f'{old}keys = ["{public}"]\n')


def test_signature_with_a_key_is_checked(small_copy: Library, run: Run, tmp_path: Path) -> None:
    """Who has a key signs with it; the same record with another key does not count."""
    key, public = make_key(tmp_path, "right")
    _other, other_public = make_key(tmp_path, "other")
    list_reviewers(small_copy.handouts, with_key(public))

    without = approve(run, "example-2", "pharmacist", CLINICIAN)
    assert without.code == 3
    assert "Name the file of the private key with --key" in without.err
    assert approve(run, "example-2", "pharmacist", CLINICIAN, "--key", str(key)).code == 0
    assert approve(run, "example-1", "prescriber", CLINICIAN).code == 0
    assert "SSH SIGNATURE" in ledger_of(small_copy).read_text(encoding="utf-8")
    state = run("approvals", "fibromyalgia", "-e", "standard", "-l", "en")
    assert (state.code, state.out.splitlines()[0]) == (0, "fibromyalgia (standard) in en: approved")

    list_reviewers(small_copy.handouts, with_key(other_public))
    state = run("approvals", "fibromyalgia", "-e", "standard", "-l", "en")
    checked = run("check")
    assert state.code == 1
    assert "lacking: a pharmacist" in state.out
    assert "is signed with another key than those listed, or was changed" in state.err
    assert "[A-record]" in checked.out


def test_wrong_key_cannot_sign_unseen(small_copy: Library, run: Run, tmp_path: Path) -> None:
    """A signature with a key that is not the reviewer's is written by nobody: it is told at once."""
    _right, public = make_key(tmp_path, "right")
    wrong, _public = make_key(tmp_path, "wrong")
    list_reviewers(small_copy.handouts, with_key(public))

    ran = approve(run, "example-2", "pharmacist", CLINICIAN, "--key", str(wrong))

    assert ran.code == 3
    assert "another key" in ran.err
    assert not ledger_of(small_copy).exists()


def test_edited_signature_does_not_count(small_copy: Library, run: Run, tmp_path: Path) -> None:
    """Seals can be made again by anybody; a signature cannot."""
    from dataclasses import replace

    from ldn_print.ledger import read_ledger, seal

    key, public = make_key(tmp_path, "right")
    list_reviewers(small_copy.handouts, with_key(public))
    assert approve(run, "example-2", "pharmacist", CLINICIAN, "--key", str(key)).code == 0
    ledger = read_ledger(small_copy.handouts / "fibromyalgia")
    (record,) = ledger.records
    forged = replace(seal(replace(record, note="I never said that."), replace(ledger, records=())))
    text = ledger.path.read_text(encoding="utf-8").replace(record.seal, forged.seal)
    ledger.path.write_text(text.replace("criteria =", 'note = "I never said that."\ncriteria ='), encoding="utf-8")

    state = run("approvals", "fibromyalgia", "-e", "standard", "-l", "en")

    assert state.code == 1
    assert "or was changed; the record does not count" in state.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[example-1]\nname = 'A'\nroles = ['doctor']", "'doctor' is not one of the roles"),
        ("[example-1]\nname = 'A'", "names no role"),
        ("[Example]\nname = 'A'\nroles = ['clinic']", "'Example' is no id"),
        ("[example-1]\nname = 'A'\nroles = ['clinic']\nkeys = ['secret']", "no public SSH key"),
        ("[example-1]\nroles = ['clinic']", "name: is missing"),
        ("[other]\nname = 'A'\nroles = ['prescriber']", "no reviewer 'example-1' is listed"),
    ],
)
def test_faults_of_the_list_of_reviewers_are_told(small_copy: Library, run: Run, text: str, words: str) -> None:
    """With file, key and next step."""
    list_reviewers(small_copy.handouts, text)

    ran = approve(run, "example-1", "prescriber", CLINICIAN)

    assert ran.code == 3
    assert words in ran.err
    assert "reviewers.toml" in ran.err
