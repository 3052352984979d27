"""The site: a reader finds their sheet by language and by name, in a browser, from a plain folder."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from ldn_print.build import Request, run_build
from ldn_print.clinic import default_clinic
from ldn_print.errors import ContentError, ExitCode, OutputError
from ldn_print.jobs import Settings
from ldn_print.languages import get_language
from ldn_print.manifest import read_sheets
from ldn_print.models import Leaflet
from ldn_print.press import Press
from ldn_print.project import Library
from ldn_print.site import LIST, SiteReport, run_site
from tests.browser import find_faults
from tests.conftest import Run, change

pytestmark = pytest.mark.xdist_group("site")  # one process has what they share

TAGS = ("en", "es-US", "ar", "zh-Hans")
STRICT = "default-src 'self'"
LEAFLETS = (
    Leaflet("fibromyalgia"),
    Leaflet("fibromyalgia", "guide"),
    Leaflet("crohns-disease"),
    Leaflet("long-covid"),
    Leaflet.of_tool("diary"),
)
# What a reader types, in which language, and the ids of the sheets that are shown then.
SEARCHES: tuple[tuple[str, str, list[str]], ...] = (
    ("en", "fibro", ["fibromyalgia"]),
    ("en", "  FYBROMIALGIA ", ["fibromyalgia"]),
    ("en", "m79.7", ["fibromyalgia"]),
    ("en", "K50", ["crohns-disease"]),
    ("en", "crohn’s", ["crohns-disease"]),
    ("en", "covid long", ["long-covid"]),
    ("en", "dairy", ["diary"]),
    ("en", "M79.8", []),
    ("en", "zz", []),
    ("es-US", "fibromialjia", ["fibromyalgia"]),
    ("es-US", "fibromyalgia", ["fibromyalgia"]),
    ("es-US", "crohn", ["crohns-disease"]),
    ("ar", "الفيبروميالجيا", ["fibromyalgia"]),
    ("ar", "كرون", ["crohns-disease"]),
    ("zh-Hans", "肌痛", ["fibromyalgia"]),
    ("zh-Hans", "痛肌", []),
)


def make(settings: Settings, folder: Path, leaflets: tuple[Leaflet, ...] = LEAFLETS, *tags: str) -> SiteReport:
    """Return what became of a site without PDF, which takes most of the time."""
    languages = tuple(map(get_language, tags))
    request = Request(leaflets, languages, ("letter",), folder, workers=1, formats=("html", "text"))
    return run_site(settings, request)


@pytest.fixture(scope="module")
def settings(library: Library, cache_folder: Path) -> Settings:
    """Return the real library for a clinic with a name and a phone."""
    return Settings(
        library, replace(default_clinic(), name="Example Clinic", phone="(512) 555-0142"), cache_folder
    )


@pytest.fixture(scope="module")
def site(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site that tests only look at."""
    folder = tmp_path_factory.mktemp("site")
    assert make(settings, folder, LEAFLETS, *TAGS).exit_code == ExitCode.GOOD
    return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty window."""
    with browser.new_context() as context:
        yield context.new_page()


def shown(page: Page) -> list[str]:
    """Return the ids of the entries that a reader sees."""
    return [heading.get_attribute("id") or "" for heading in page.locator("h3:visible").all()]


def test_reader_finds_language_and_sheet(site: Path, page: Page) -> None:
    """Language first, by its own name; then the page in that language; a click on a name opens the sheet."""
    page.goto((site / "index.html").as_uri())
    row = page.get_by_role("listitem").filter(has_text="العربية")
    assert (row.get_attribute("lang"), row.get_attribute("dir")) == ("ar", "rtl")
    assert row.get_by_text("Arabic", exact=True).get_attribute("lang") == "en"
    row.get_by_role("link").click()

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert "مسودة: ترجمة آلية" in page.locator("header").inner_text()
    assert page.get_by_role("link", name="(512) 555-0142").get_attribute("href") == "tel:5125550142"
    current = page.get_by_role("navigation").locator("[aria-current=page]")
    assert current.inner_text() == "العربية"
    page.get_by_role("navigation").get_by_text("Español").click()
    page.get_by_role("link", name="Leer en pantalla Guía LDN para la fibromialgia").click()
    assert page.url == (site / "es-US" / "fibromyalgia.guide.html").as_uri()


@pytest.mark.parametrize("tag", TAGS)
def test_search_forgives(site: Path, page: Page, tag: str) -> None:
    """A beginning, another order, a slip, a code, the English name: the right sheets stay, and are counted."""
    page.goto((site / tag / "index.html").as_uri())
    everything, status = shown(page), page.get_by_role("status")
    assert sorted(everything) == sorted({leaflet.name for leaflet in LEAFLETS})
    for typed, wanted in [(typed, wanted) for own, typed, wanted in SEARCHES if own == tag]:
        page.fill("#query", typed)
        assert shown(page) == wanted, typed
        digits = re.findall(r"\d+", status.inner_text())
        assert digits == ([str(len(wanted))] if wanted else []), typed
        assert len(status.inner_text()) > 4
    page.fill("#query", "")
    assert (shown(page), status.inner_text().strip()) == (everything, "")


def test_no_script_is_needed(site: Path, browser: Browser) -> None:
    """With scripts switched off every sheet is listed, and there is no field that does nothing."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((site / "en" / "index.html").as_uri())

        assert len(shown(page)) == 4
        assert not page.get_by_role("search").is_visible()


def test_strict_policy_stops_nothing(site: Path, page: Page) -> None:
    """Below a strict Content-Security-Policy style and script work, and nothing else is asked for."""
    asked, said = [], []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("https://site.example/")
        asked.append(path)
        route.fulfill(path=site / path, headers={"Content-Security-Policy": STRICT})

    page.on("console", lambda message: said.append(message.text))
    page.route("**", answer)
    page.goto("https://site.example/en/index.html")
    page.fill("#query", "crohn")

    assert shown(page) == ["crohns-disease"]
    assert page.locator("header").evaluate("header => getComputedStyle(header).display") == "grid"
    assert (set(asked), said) == ({"en/index.html", "assets/site.css", "assets/site.js"}, [])


@pytest.mark.parametrize(
    ("name", "scheme"), [("index.html", "light"), ("ar/index.html", "light"), ("en/index.html", "dark")]
)
def test_index_keeps_nobody_out(site: Path, browser: Browser, name: str, scheme: str) -> None:
    """WCAG 2.2 AA: axe-core finds nothing, nothing is too wide or cut; only the site's own files are read."""
    found = find_faults(browser, site / name, "dark" if scheme == "dark" else "light")

    own = {f"asks for {(site / 'assets' / asset).as_uri()}" for asset in ("site.css", "site.js")}
    assert [fault for fault in found if fault not in own] == []


def test_every_link_leads_somewhere(site: Path) -> None:
    """No page names a file that is not there; each names its translations, and itself as one of them."""
    pages = sorted(site.rglob("*.html"))
    for path in pages:
        html = path.read_text(encoding="utf-8")
        links = re.findall(r'(?:href|src)="([^"#:]+)"', html)
        assert [link for link in links if not (path.parent / link).is_file()] == []
        alternates = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html))
        assert set(alternates) - {"x-default"} == set(TAGS)
        own = alternates[path.parent.name if path.parent != site else "x-default"]
        assert (path.parent / own).resolve() == path.resolve()
    assert len(pages) == 1 + len(TAGS) * (1 + len(LEAFLETS))


def test_sheets_are_those_of_a_build(site: Path, settings: Settings) -> None:
    """Words and bytes are those of `build` but for the links to translations; the manifest has their digests."""
    rows = read_sheets(site / "manifest.json")
    for row in rows:
        assert hashlib.sha256((site / row.path).read_bytes()).hexdigest() == row.sha256
    assert len(rows) == len(TAGS) * len(LEAFLETS) * 2
    html = (site / "ar" / "fibromyalgia.standard.html").read_text(encoding="utf-8")
    job = next(row for row in rows if row.path == "ar/fibromyalgia.standard.html")
    assert job.code in html

    request = Request(LEAFLETS[:1], (get_language("ar"),), ("letter",), site.parent / "plain", 1, ("html",))
    (built,) = run_build(settings, request).built
    assert re.sub('<link rel="alternate".*\n', "", html) == built.path.read_text(encoding="utf-8")


def test_what_is_no_longer_part_of_it_goes(site: Path, settings: Settings, tmp_path: Path) -> None:
    """Written again with less, old sheets and indexes go; what somebody changed or put there stays."""
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    (folder / "ar" / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "es-US" / "diary.tool.txt").write_text("changed", encoding="utf-8")

    report = make(settings, folder, LEAFLETS[:1], "en", "es-US")

    assert Path("ar/index.html") in report.removed
    assert report.stayed == (Path("es-US/diary.tool.txt"),)
    assert not (folder / "zh-Hans").exists()
    assert [path.name for path in (folder / "ar").iterdir()] == ["notes.txt"]
    assert sorted(path.name for path in (folder / "en").iterdir()) == [
        *("fibromyalgia.standard.html", "fibromyalgia.standard.txt", "index.html")
    ]
    left = {row.path for row in read_sheets(folder / "manifest.json")}
    assert {path for path in left if not (folder / path).is_file()} == set()
    assert "العربية" not in (folder / "index.html").read_text(encoding="utf-8")
    assert make(settings, folder, LEAFLETS[:1], "en", "es-US").stayed == (Path("es-US/diary.tool.txt"),)


def test_only_what_is_approved_is_there(site: Path, settings: Settings, tmp_path: Path) -> None:
    """Under the policy 'approved' drafts of an earlier run go, with every page that leads to them."""
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    strict = replace(settings, clinic=replace(settings.clinic, policy="approved"))

    report = make(strict, folder, LEAFLETS, *TAGS)

    assert (report.exit_code, report.entrance) == (ExitCode.FINDINGS, None)
    assert {finding.code for result in report.build.refused for finding in result.findings} == {"A-unapproved"}
    assert list(folder.rglob("*.html")) == []


def test_states_that_differ_stand_beside_each_sheet(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: Page
) -> None:
    """Where not all words have the same state, each sheet says its own."""
    standing = Press.standing
    monkeypatch.setattr(
        Press,
        "standing",
        lambda press, job: (
            replace(standing(press, job), state="expired") if job.leaflet.name == "diary" else standing(press, job)
        ),
    )
    make(settings, tmp_path / "site", (LEAFLETS[0], LEAFLETS[-1]), "en")
    page.goto((tmp_path / "site" / "en" / "index.html").as_uri())

    assert page.locator("header .state").count() == 0
    told = {
        row.locator("h3").inner_text(): row.locator(".state").inner_text()
        for row in page.locator(".sheets > li").all()
    }
    assert told == {
        "LDN for fibromyalgia": "DRAFT: not yet approved",
        "Diary with low dose naltrexone": "PAST REVIEW DATE: ask for a new sheet",
    }


def test_language_without_words_for_the_index_is_told(small_copy: Library, run: Run) -> None:
    """An index is never half-translated: it is refused with the message that lacks, and nothing links to it."""
    for name in ("chronic-pain", "crohns-disease"):
        shutil.rmtree(small_copy.handouts / name)
    for path in small_copy.tools.glob("*.toml"):
        if path.stem != "diary":
            path.unlink()
    for locale in ("ar", "zh_Hans", "hi"):
        shutil.rmtree(small_copy.locales / locale)
    change(small_copy.catalog("es_US"), 'msgstr "Elija su idioma"', 'msgstr ""')

    ran = run("site", "-o", "here", "--edition", "standard", "--jobs", "1")

    assert (ran.code, ran.out) == (1, "here/index.html\n")
    assert "No index page in es-US" in ran.err
    assert "no translation of 'Choose your language'" in ran.err
    assert Path("here/es-US/fibromyalgia.standard.letter.pdf").is_file()
    assert not Path("here/es-US/index.html").exists()
    assert "Español" not in Path("here/index.html").read_text(encoding="utf-8")
    assert "fibromyalgia.standard.letter.pdf" in Path("here/en/index.html").read_text(encoding="utf-8")


def test_page_of_somebody_else_is_not_written_over(settings: Settings, tmp_path: Path) -> None:
    """A folder that has an entrance of its own is no place for a site."""
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")

    with pytest.raises(OutputError, match=r"index\.html: stands there already(.|\n)*--output"):
        make(settings, tmp_path, LEAFLETS[:1], "en")
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


@pytest.mark.parametrize("text", ["{", "[]", '{"files": []}'])
def test_damaged_list_of_files_is_told(settings: Settings, tmp_path: Path, text: str) -> None:
    """A list that cannot be read stops the run before anything is taken away."""
    (tmp_path / LIST).write_text(text, encoding="utf-8")

    with pytest.raises(ContentError, match=r"site\.json: is no list(.|\n)*new folder"):
        make(settings, tmp_path, LEAFLETS[:1], "en")


def test_list_leads_out_of_no_folder(settings: Settings, tmp_path: Path) -> None:
    """A list that somebody tampered with takes nothing away outside of the site."""
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    digest = hashlib.sha256(b"mine").hexdigest()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / LIST).write_text(f'{{"files": {{"../outside.txt": "{digest}"}}}}', encoding="utf-8")

    make(settings, tmp_path / "site", LEAFLETS[:1], "en")

    assert outside.read_text(encoding="utf-8") == "mine"
