"""The preview's answers: its page, the pictures of pages, the EPUB's files, the news."""

import asyncio
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from memobook.codes import Code
from memobook.diagnostics import Diagnostic, Severity, Span
from memobook.preview.app import news
from memobook.preview.editor import editor
from memobook.preview.loop import Began, Failed, Working
from memobook.preview.show import FULL, FullError, Show
from tests.harness import Built
from tests.preview.desk import BASE, ask, shown, tell_build


@pytest.fixture
def show(scaffold: Built) -> Show:
    return shown(scaffold)


@pytest.mark.parametrize(
    "name", ["main.js", "news.js", "printed.js", "reader.js", "findings.js", "preview.css",
             "frame.css", "icon.svg"],
)  # fmt: skip
def test_the_page_has_all_that_it_names(show: Show, name: str) -> None:
    assert ask(show, f"{BASE}/static/{name}").status_code == 200


def test_the_page_takes_nothing_from_elsewhere() -> None:
    static = Path(__file__).parents[2] / "src/memobook/preview/static"
    for path in static.iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/", "")
        assert "http://" not in text
        assert "https://" not in text
        assert "style=" not in text


def test_the_state_tells_pages_contents_and_texts(show: Show, scaffold: Built) -> None:
    state = ask(show, f"{BASE}/state").json()
    assert state["title"] == "A New Book"
    assert len(state["pages"]) == scaffold.report.pages
    assert state["build"]["good"] is True
    titles = [entry["title"] for entry in state["contents"]]
    assert titles[0] == scaffold.book.memos[0].title
    assert all(entry["page"] for entry in state["contents"])
    assert state["breaks"][0]["href"].endswith("#page-i")
    assert not any(page["changed"] for page in state["pages"])


def test_a_page_is_drawn_as_wide_as_it_is_asked_for(show: Show) -> None:
    page = show.state()["pages"][4]
    answer = ask(show, f"{BASE}/pages/5/{page['look']}/480.png")
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width == 480
        assert picture.height == pytest.approx(
            480 * page["height"] / page["width"], abs=2
        )


@pytest.mark.parametrize(
    "path", ["0/{look}/480", "99/{look}/480", "5/{look}/481", "5/{look}/99999", "5/other/480",
             "-1/{look}/480", "5/{look}/x"],
)  # fmt: skip
def test_no_other_picture_is_drawn(show: Show, path: str) -> None:
    look = show.state()["pages"][4]["look"]
    assert ask(show, f"{BASE}/pages/{path.format(look=look)}.png").status_code == 404


def test_all_that_the_epub_names_is_served(show: Show) -> None:
    kinds = set()
    for path in show.texts.files:
        answer = ask(show, f"{BASE}/epub/{path}")
        if answer.status_code == 200:
            assert answer.content == show.texts.files[path]
            kinds.add(answer.headers["content-type"].partition(";")[0])
    assert {"application/xhtml+xml", "text/css", "font/ttf"} <= kinds


def test_a_script_in_an_epub_is_not_served(show: Show) -> None:
    show.texts = type(show.texts)(files={"a.js": b"alert(1)", "a.html": b"<p>"})
    assert ask(show, f"{BASE}/epub/a.js").status_code == 404
    assert ask(show, f"{BASE}/epub/a.html").status_code == 404


@pytest.mark.parametrize("kind", ["pdf", "epub"])
def test_the_outputs_can_be_downloaded(show: Show, scaffold: Built, kind: str) -> None:
    answer = ask(show, f"{BASE}/book.{kind}")
    assert answer.content == scaffold.path(kind).read_bytes()
    assert answer.headers["content-disposition"].startswith("attachment")


def test_before_the_first_build_there_is_a_page_without_pages() -> None:
    show = Show(Path("/nowhere/my-book"), editor("none"))
    assert ask(show, f"{BASE}/").status_code == 200
    state = ask(show, f"{BASE}/state").json()
    assert (state["title"], state["pages"], state["build"]["phase"]) == (
        "my-book",
        [],
        "building",
    )
    assert ask(show, f"{BASE}/pages/1/x/480.png").status_code == 404
    assert ask(show, f"{BASE}/book.pdf").status_code == 404


def test_a_failed_build_leaves_the_pages_and_shows_the_findings(
    show: Show, scaffold: Built
) -> None:
    before = show.state()
    path = scaffold.book.memos[0].path
    found = Diagnostic(
        Span(path, 4, 7, 2), Severity.ERROR, Code.TITLE_MISSING, "no title", "write one"
    )
    show.tell(Failed((found,), 0.1))
    state = show.state()
    assert state["pages"] == before["pages"]
    assert state["build"]["good"] is False
    (finding,) = state["findings"]
    assert finding["place"] == f"{path}:4:7"
    assert finding["url"] == f"vscode://file{scaffold.root.resolve()}/{path}:4:7"
    tell_build(show, scaffold)
    assert show.state()["findings"] == []


def test_what_the_machine_lacks_is_a_finding_without_a_place(show: Show) -> None:
    show.tell(Failed((), 0.1, "there is no Pango", "install it"))
    (finding,) = show.state()["findings"]
    assert (finding["message"], finding["hint"], finding["url"]) == (
        "there is no Pango",
        "install it",
        "",
    )


# News


def heard(show: Show, *steps: object) -> list[str]:
    """Return the messages that are sent, one after each step."""

    async def listened() -> list[str]:
        async with show.listening() as word:
            stream = news(show, word, beat=0.2)
            out = [await anext(stream), await anext(stream)]
            for step in steps:
                if callable(step):
                    step()
                out.append(await anext(stream))
            show.close()
            return [*out, *[each async for each in stream]]

    return asyncio.run(listened())


def test_who_listens_hears_the_state_and_then_what_is_new(show: Show) -> None:
    messages = heard(
        show,
        lambda: show.tell(Began(("manuscript/a.md",))),
        lambda: show.tell(Working("Norms")),
        None,
    )
    assert messages[0] == "retry: 500\n\n"
    assert messages[1].startswith("event: state\ndata: {")
    assert json.loads(messages[2].split("data: ")[1])["build"]["phase"] == "building"
    assert messages[3] == 'event: progress\ndata: "Norms"\n\n'
    assert messages[4] == ": still here\n\n"
    assert len(messages) <= 6


def test_many_states_while_nobody_reads_are_one_message(show: Show) -> None:
    def many() -> None:
        for _ in range(50):
            show.tell(Began(()))

    messages = heard(show, many, None)
    assert messages[2].startswith("event: state")
    assert messages[3].startswith(":")


def test_only_so_many_may_listen(show: Show) -> None:
    async def crowd() -> None:
        from contextlib import AsyncExitStack

        async with AsyncExitStack() as stack:
            for _ in range(FULL):
                await stack.enter_async_context(show.listening())
            with pytest.raises(FullError):
                await stack.enter_async_context(show.listening())
        async with show.listening():
            pass

    asyncio.run(crowd())
