"""The preview in Chromium: what an editor sees who saves and looks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.harness import ROOT, copy, fonts_of
from tests.judges.browser import open_browser
from tests.preview.desk import Running, running

AXE = ROOT / "tests/judges/ace/node_modules/@daisy/axe-core-for-ace/axe.min.js"
MEMO = "manuscript/space.md"
HREF = "text/space.xhtml"
PATIENCE = 60_000
"""Milliseconds: the machine may be busy with other tests."""


def until(page: Page, truth: str) -> None:
    """Wait until an expression is true; wait_for_function would need unsafe-eval."""
    for _ in range(PATIENCE // 50):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {truth}")


@dataclass
class Desk:
    """A project that is previewed, with a page open."""

    root: Path
    preview: Running
    page: Page
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("response", self._answered)

    def _said(self, message: Any) -> None:
        # A picture of a page that a save replaced meanwhile is gone, and asked for anew.
        if message.type in {"error", "warning"} and "404" not in message.text:
            self.faults.append(message.text)

    def _answered(self, response: Any) -> None:
        if response.status >= 400 and "/pages/" not in response.url:
            self.faults.append(f"{response.status} {response.url}")

    def open(self) -> None:
        self.page.goto(self.preview.url)
        self.settled()

    def settled(self, kind: str = "good") -> None:
        """Wait until a build has ended well, or badly."""
        expect(self.page.locator(f"#status.{kind}")).to_be_visible(timeout=PATIENCE)

    @property
    def text(self) -> str:
        return (self.root / MEMO).read_text("utf-8")

    def save(self, text: str, kind: str = "good") -> None:
        """Save the memo and wait for the build."""
        before = self.version
        (self.root / MEMO).write_text(text, "utf-8")
        until(
            self.page,
            f"Number(document.documentElement.dataset.version) > {before + 1}",
        )
        self.settled(kind)

    @property
    def version(self) -> int:
        return int(self.page.evaluate("document.documentElement.dataset.version"))

    @property
    def frame(self) -> Any:
        return self.page.frame_locator("#frame")

    def jump(self, title: str) -> None:
        self.page.locator("#entries button", has_text=title).first.click()

    def scrolled(self) -> tuple[float, float]:
        """Return how far both panes are scrolled."""
        found = self.page.evaluate(
            "[document.getElementById('sheets').scrollTop,"
            " document.getElementById('frame').contentDocument.documentElement.scrollTop]"
        )
        return found[0], found[1]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.fixture(scope="module")
def preview(
    tmp_path_factory: pytest.TempPathFactory, shared_cache: Path
) -> Iterator[tuple[Path, Running]]:
    root = copy(ROOT, tmp_path_factory.mktemp("previewed") / "book")
    fonts_of(shared_cache, root / "build" / ".cache")
    with running(root) as found:
        yield root, found


@pytest.fixture
def desk(browser: Browser, preview: tuple[Path, Running]) -> Iterator[Desk]:
    root, served = preview
    original = (root / MEMO).read_text("utf-8")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    desk = Desk(root, served, context.new_page())
    desk.open()
    yield desk
    if desk.text != original:
        desk.save(original)
    context.close()
    assert desk.faults == []


def test_pages_and_text_stand_side_by_side(desk: Desk) -> None:
    page = desk.page
    expect(page.locator("#title")).to_have_text("Divergence Despite Convergence")
    expect(page.locator(".sheet img")).to_have_count(29)
    desk.jump("Norms in Orbit")
    expect(page.locator("#page")).to_have_text("Page 13")
    expect(desk.frame.locator("h1")).to_have_text("Norms in Orbit")
    expect(page.locator("#entries [aria-current]")).to_contain_text("Norms in Orbit")
    shown = page.locator('.sheet img[alt="Page 13"]')
    until(
        page, "document.querySelector('.sheet img[alt=\"Page 13\"]').naturalWidth > 300"
    )
    expect(shown).to_be_in_viewport()


def test_only_pages_in_sight_are_drawn(desk: Desk) -> None:
    desk.page.wait_for_timeout(500)
    drawn = desk.page.evaluate("document.querySelectorAll('.sheet img[src]').length")
    assert 1 <= drawn < 15


def test_a_save_is_on_the_page_and_the_place_is_kept(desk: Desk) -> None:
    desk.jump("Common ground")
    expect(desk.frame.get_by_text("Common ground").first).to_be_in_viewport()
    desk.page.wait_for_timeout(600)
    before = desk.scrolled()
    desk.page.evaluate(
        "window.stays = 1; document.getElementById('frame').contentWindow.stays = 1"
    )
    desk.save(re.sub(r"Two further purposes", "Two quite new purposes", desk.text))
    expect(desk.frame.get_by_text("Two quite new purposes")).to_have_count(1)
    after = desk.scrolled()
    assert after[0] == pytest.approx(before[0], abs=3)
    assert after[1] == pytest.approx(before[1], abs=40)
    assert (
        desk.page.evaluate(
            "window.stays + document.getElementById('frame').contentWindow.stays"
        )
        == 2
    )


def test_what_changed_is_marked_and_can_be_jumped_to(desk: Desk) -> None:
    desk.jump("Convergence and Its Limits")
    desk.save(desk.text.replace("Two further purposes", "Two other purposes"))
    expect(desk.page.locator(".sheet.changed")).to_have_count(1)
    expect(desk.page.locator("#entries .changed")).to_contain_text(["Norms in Orbit"])
    desk.page.keyboard.press("n")
    expect(desk.page.locator(".sheet.changed")).to_be_in_viewport()
    marked = desk.frame.locator(".memobook-changed")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("Two other purposes")
    expect(marked).to_be_in_viewport()


def test_a_fault_is_shown_with_its_place_and_cleared(desk: Desk) -> None:
    text = desk.text
    desk.save(f"{text}\n[a link](nowhere.md)\n", "bad")
    line = text.count("\n") + 2
    finding = desk.page.locator("#list li")
    expect(finding).to_contain_text("no memo is called nowhere.md")
    expect(finding).to_contain_text("Hint: ")
    link = finding.locator("a")
    expect(link).to_have_text(f"{MEMO}:{line}:10")
    expect(link).to_have_attribute(
        "href", f"vscode://file{desk.root.resolve()}/{MEMO}:{line}:10"
    )
    expect(desk.page.locator(".sheet img")).to_have_count(29)
    expect(desk.page.locator("#news")).to_have_text("Not built. 1 error.")
    desk.save(text)
    expect(desk.page.locator("#findings")).to_be_hidden()
    expect(desk.page.locator("#count")).to_have_text("0")


def test_a_note_opens_over_the_text_and_closes(desk: Desk) -> None:
    desk.jump("Norms in Orbit")
    expect(desk.frame.locator("html[data-memobook-theme] h1")).to_have_text(
        "Norms in Orbit"
    )
    call = desk.frame.locator('a[role="doc-noteref"]').first
    call.click()
    note = desk.frame.get_by_role("dialog")
    expect(note).to_contain_text("Indian Space Research Organisation")
    desk.page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(call).to_be_focused()


@pytest.mark.parametrize(
    ("key", "device", "width"),
    [("1", "phone", 390), ("2", "tablet", 768), ("3", "eink", 600)],
)
def test_the_text_is_as_wide_as_the_screen_it_is_for(
    desk: Desk, key: str, device: str, width: int
) -> None:
    desk.page.keyboard.press(key)
    expect(desk.page.locator("#device")).to_have_value(device)
    inner = desk.page.evaluate(
        "document.getElementById('frame').contentWindow.innerWidth"
    )
    assert inner == width


def test_scrolling_one_pane_moves_the_other(desk: Desk) -> None:
    desk.jump("Norms in Orbit")
    desk.page.wait_for_timeout(500)
    before = desk.scrolled()
    desk.page.locator("#sheets").hover()
    desk.page.mouse.wheel(0, 900)
    until(
        desk.page,
        f"document.getElementById('frame').contentDocument.documentElement.scrollTop > {before[1] + 50}",
    )


def test_all_can_be_reached_by_keys(desk: Desk) -> None:
    page = desk.page
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the printed pages")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#sheets")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#page")).not_to_have_text("")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("#contents")).to_be_hidden()
    page.keyboard.press("c")
    page.keyboard.press("s")
    expect(page.locator("#spreads")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("s")


def test_on_half_a_screen_both_panes_stand_side_by_side(desk: Desk) -> None:
    browser = desk.page.context.browser
    assert browser
    page = browser.new_page(viewport={"width": 900, "height": 700})
    page.goto(desk.preview.url)
    expect(page.locator("#status.good")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#spreads")).to_have_attribute("aria-pressed", "false")
    printed = page.locator("#printed").bounding_box()
    reader = page.locator("#reader").bounding_box()
    assert printed is not None
    assert reader is not None
    assert (printed["y"], printed["width"] > 400) == (reader["y"], True)
    page.set_viewport_size({"width": 700, "height": 900})
    below = page.locator("#reader").bounding_box()
    assert below is not None
    assert below["y"] > printed["y"]
    page.close()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core comes with `make setup-test`")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(desk: Desk, scheme: Any, width: int) -> None:
    page = desk.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    text = desk.text
    desk.save(f"{text}\n[a link](nowhere.md) ![](images/none.png)\n", "bad")
    if width > 1000:
        page.keyboard.press("?")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations'], iframes: false})"
    )
    told = [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]]
    assert told == []
    if width > 1000:
        page.keyboard.press("Escape")
    desk.save(text)


def test_ten_tabs_hear_of_a_save(desk: Desk) -> None:
    tabs = [desk.page.context.new_page() for _ in range(9)]
    for tab in tabs:
        tab.goto(desk.preview.url)
    for tab in tabs:
        expect(tab.locator("#status.good")).to_be_visible(timeout=PATIENCE)
    desk.save(desk.text.replace("Two further purposes", "Two tenfold purposes"))
    for tab in tabs:
        until(
            tab, f"Number(document.documentElement.dataset.version) >= {desk.version}"
        )
        expect(tab.locator(".sheet.changed")).to_have_count(1)
    # The tab that listens is closed: another one takes its place.
    desk.page.goto("about:blank")
    (desk.root / MEMO).write_text(desk.text.replace("tenfold", "elevenfold"), "utf-8")
    for tab in tabs:
        tab.locator("#entries button", has_text="Norms in Orbit").click()
        expect(tab.frame_locator("#frame").get_by_text("elevenfold")).to_have_count(
            1, timeout=PATIENCE
        )
        tab.close()
    desk.open()
