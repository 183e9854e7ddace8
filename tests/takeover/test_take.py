"""A book of another program becomes a project that builds, and nothing goes silently."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from memobook.cli import app
from memobook.looking import check
from memobook.takeover.take import LEDGER, Taken, take_over
from tests.harness import built
from tests.takeover.test_found import written

SUMMARY = "# Summary\n\n[Start](start.md)\n\n- [Norms](norms/orbit.md)\n- [Controls](controls.md)\n- [Draft]()\n"
START = """# Start

{{#include shared.txt}}

```rust,ignore
# use std::vec;
fn main() {}
```

```
{{#include code.rs:body}}
```

- one
  - two {{ braces }}

See [orbit](norms/orbit.html#the-first-norm), [nothing](no.md), [std] and [a file](../LICENSE).
<center>In the middle</center> of <T>, <a href="https://example.org/" target="_blank">out</a><a name="mark"></a>.

#### Too deep

[std]: ../std/index.html
"""
ORBIT = """# Norms in orbit

A note[^1] and a picture: ![The earth](../img/earth.svg).

![](gone.png) and ![remote](https://example.org/x.png)

| a | b |
| --- | --- |
| 1 | 2 |

## The First “Norm”

<details>
<summary>More</summary>

Some *Markdown*.

</details>

# Another title

[^1]: See [the start](../start.md).
[^2]: Never called.
"""
CONTROLS = "Text without a title, see {{#title}}. It purrs 🙀 and `purrs 🙀` → © ≤.\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>'


def mdbook(root: Path) -> Path:
    return written(
        root,
        {
            "book.toml": '[book]\ntitle = "A Taken Book"\nauthors = ["Ada"]\n',
            "src/SUMMARY.md": SUMMARY,
            "src/start.md": START,
            "src/norms/orbit.md": ORBIT,
            "src/controls.md": CONTROLS,
            "src/shared.txt": "Shared by all.\n",
            "src/code.rs": "x\n// ANCHOR: body\nlet y;\n// ANCHOR_END: body\nz\n",
            "src/img/earth.svg": SVG,
        },
    )


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Taken]:
    folder = tmp_path_factory.mktemp("new") / "book"
    return folder, take_over(mdbook(tmp_path_factory.mktemp("old")), folder)


def memo(taken: tuple[Path, Taken], name: str) -> str:
    return (taken[0] / "manuscript" / name).read_text("utf-8")


def test_the_new_book_has_no_faults(taken):
    assert taken[1].left == ()
    assert [d for d in check(taken[0]) if d.is_error] == []


def test_the_new_book_builds_and_has_all_chapters_in_order(taken):
    book = built(taken[0])
    assert book.report.memos == 3
    listed = [title for title, _ in book.epub.navigation("toc")]
    assert [t for t in listed if t in {"Start", "Norms in orbit", "Controls"}] == [
        "Start",
        "Norms in orbit",
        "Controls",
    ]
    assert book.pdf.title == "A Taken Book"
    assert book.epub.metadata("creator") == ("Ada",)


def test_what_is_kept_is_kept(taken):
    start, orbit = memo(taken, "start.md"), memo(taken, "norms/orbit.md")
    assert "Shared by all." in start
    assert "```rust\nfn main() {}\n```" in start
    assert "```\nlet y;\n```" in start
    assert "- one\n    - two \\{{ braces }}" in start
    assert "[orbit](norms/orbit.md#the-first-" in start
    assert "In the middle of &lt;T>" in start
    assert '<a href="https://example.org/">out</a><a id="mark"></a>' in start
    assert "[^1]: See [the start](../start.md)." in orbit
    assert "![The earth](../img/earth.svg)" in orbit
    assert (taken[0] / "manuscript/img/earth.svg").read_text("utf-8") == SVG
    assert '<details markdown="1">' in orbit
    assert "| 1 | 2 |" in orbit
    controls = memo(taken, "controls.md")
    assert "It purrs [weary cat face] and `purrs [weary cat face]` → © ≤." in controls
    assert "Never called." in orbit


def test_counts_are_those_of_both_books(taken):
    _, made = taken
    assert made.kind == "mdBook"
    assert (made.before["pictures"], made.after["pictures"]) == (3, 1)
    assert (made.before["tables"], made.after["tables"]) == (1, 1)
    assert (made.before["code"], made.after["code"]) == (2, 2)


def test_what_was_lost_is_listed_with_its_place(taken):
    lost, _, changed = (taken[0] / LEDGER).read_text("utf-8").partition("\nChanged: ")
    for said in (
        "the list of chapters:0: Draft: no such file",
        "start.md:17: <center>, but not its text",
        "start.md:17: of <a>: target",
        "manuscript/start.md:16: link to no.md: no memo is called no.md",
        "gone.png",
        "https://example.org/x.png is not in the project",
        "std/index.html",
    ):
        assert said in lost, (said, lost)
    for said in ("start.md:3: {{#include shared.txt}} was put in", "1 lines of Rust"):
        assert said in changed


def test_the_old_book_is_as_it_was(tmp_path):
    old = mdbook(tmp_path / "old")
    before = {p: p.read_bytes() for p in old.rglob("*") if p.is_file()}
    take_over(old, tmp_path / "new")
    assert before == {p: p.read_bytes() for p in old.rglob("*") if p.is_file()}


def test_a_title_that_every_chapter_has_is_the_books(tmp_path):
    texts = {f"ch{n}.md": f"# My Book\n# Chapter {n}\n\nText.\n" for n in (1, 2)}
    take_over(written(tmp_path / "old", texts), tmp_path / "new")
    assert 'title = "My Book"' in (tmp_path / "new/manuscript/book.toml").read_text(
        "utf-8"
    )
    assert (tmp_path / "new/manuscript/ch1.md").read_text(
        "utf-8"
    ) == "# Chapter 1\n\nText.\n"


def test_a_quarto_chapter_keeps_its_block_and_callouts(tmp_path):
    text = "---\ntitle: One\nauthor: Ada\nformat: html\n---\n\n::: {.callout-note}\nMind.\n:::\n\n```{python}\n1\n```\n\nSee [two](two.qmd).\n"
    files = {
        "_quarto.yml": "book:\n  title: T\n  chapters: [one.qmd, two.qmd]\n",
        "one.qmd": text,
        "two.qmd": "# Two\n\nText.\n",
    }
    made = take_over(written(tmp_path / "old", files), tmp_path / "new")
    assert made.left == ()
    one = (tmp_path / "new/manuscript/one.md").read_text("utf-8")
    assert (
        one
        == '---\ntitle: "One"\nauthors: ["Ada"]\n---\n\n/// note\nMind.\n///\n\n```python\n1\n```\n\nSee [two](two.md).\n'
    )
    assert "one.qmd:1: format: html" in (tmp_path / "new" / LEDGER).read_text("utf-8")


# The command line


def test_the_command_says_what_it_made(tmp_path):
    old = written(
        tmp_path / "old", {"a.md": "# A\n\nText, [a link](https://example.org/).\n"}
    )
    done = CliRunner().invoke(
        app, ["new", str(tmp_path / "new"), "--from", str(old), "--title", "T"]
    )
    assert done.exit_code == 0, done.output
    assert "folder of Markdown: 1 chapters" in done.output
    assert "links          1 there,      1 here" in done.output
    assert 'title = "T"' in (tmp_path / "new/manuscript/book.toml").read_text("utf-8")


def test_nothing_is_written_over(tmp_path):
    old = written(tmp_path / "old", {"a.md": "# A\n\nText.\n"})
    written(tmp_path / "new", {"manuscript/a.md": "mine"})
    done = CliRunner().invoke(app, ["new", str(tmp_path / "new"), "--from", str(old)])
    assert done.exit_code == 2
    assert (tmp_path / "new/manuscript/a.md").read_text("utf-8") == "mine"


def test_a_path_without_a_book_is_wrong_usage(tmp_path):
    done = CliRunner().invoke(
        app, ["new", str(tmp_path / "new"), "--from", str(tmp_path)]
    )
    assert done.exit_code == 2
    assert "there is no book in" in done.output
