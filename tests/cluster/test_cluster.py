"""Two real workers on this machine: the same bytes, and nothing that is lost."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dask.config
import pytest
from typer.testing import CliRunner, Result

from memobook import pipeline
from memobook.batch import Outcome, build_all
from memobook.cli import app
from memobook.cluster import client, opened
from memobook.cluster.kit import kit
from memobook.cluster.there import build_shared
from memobook.diagnostics import Code, Diagnostic, MachineError, MemobookError
from memobook.fresh import Order, unchanged
from memobook.workers import Workers
from tests.cluster.loopback import Loopback, loopback
from tests.harness import ROOT, make

TEXT = (
    "# One\n\nA [link](https://example.org/one), *words*, a note[^1].\n\n[^1]: Text.\n"
)
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><path d="M0 0h90v60z"/></svg>'
GOOD = {"manuscript/one.md": TEXT}
BAD = {"manuscript/one.md": "# One\n\nSee [another](none.md).\n"}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    with loopback(tmp_path_factory.mktemp("dask"), 2) as cluster:
        yield cluster


def books(folder: Path, count: int) -> list[Path]:
    """Return books that differ, with a picture beside manuscript/ and a style."""
    return [
        make(
            folder / f"book-{number}",
            {
                "manuscript/one.md": f"{TEXT}\n![A shape](../drawn/shape.svg)\n\n"
                + "More text.\n\n" * number,
                "manuscript/two.md": "# Two\n\nSee [one](one.md).\n",
                "drawn/shape.svg": PICTURE,
                "styles/print.css": "h1 { color: #123456 }",
            },
        )
        for number in range(count)
    ]


def outputs(root: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (root / "build").glob("[!.]*")}


def built_there(
    address: str, roots: list[Path], *, shared: bool = False
) -> list[Outcome]:
    orders = [Order(root=root) for root in roots]
    with opened(address, shared=shared) as place:
        found = {o.order.root: o for o in build_all(orders, place)}
    return [found[root] for root in roots]


def built_here(roots: list[Path], cache: Path) -> list[dict[str, bytes]]:
    """Return the outputs of the same books in other folders."""
    with Workers(1) as workers:
        for root in roots:
            pipeline.build(root, cache=cache, workers=workers)
    return [outputs(root) for root in roots]


# The same bytes


def test_books_that_are_sent_have_the_bytes_of_those_that_are_built_here(two, tmp_path):
    there = books(tmp_path / "there", 3)
    outcomes = built_there(two.address, there)

    here = built_here(books(tmp_path / "here", 3), tmp_path / "cache")
    assert [outputs(root) for root in there] == here
    assert all(o.report and o.report.diagnostics == () for o in outcomes)


def test_what_a_cluster_built_is_known_here_and_the_other_way_round(two, tmp_path):
    (root,) = books(tmp_path, 1)
    built_there(two.address, [root])
    assert unchanged(Order(root=root))

    memo = root / "manuscript/two.md"
    memo.write_text("# Two\n\nSee [one](one.md) again.\n")
    with Workers(1) as workers:
        report = pipeline.build(root, workers=workers)
    # The sheet of the memo that did not change came from the worker.
    assert report.laid_out == 1

    (root / "manuscript/one.md").write_text(TEXT)
    (outcome,) = built_there(two.address, [root])
    assert outcome.report is not None
    assert outcome.report.laid_out < 7


def test_the_sections_of_a_large_book_are_laid_out_by_all_workers(
    two, tmp_path, monkeypatch
):
    monkeypatch.setattr(client, "_LARGE", 0)
    (there,) = books(tmp_path / "there", 1)
    (outcome,) = built_there(two.address, [there])

    assert outcome.report is not None
    assert outcome.report.laid_out > 5
    assert [outputs(there)] == built_here(
        books(tmp_path / "here", 1), tmp_path / "cache"
    )


@pytest.mark.parametrize("large", [0, 10**9], ids=["sections", "whole"])
def test_on_shared_storage_nothing_is_sent(two, tmp_path, monkeypatch, large):
    monkeypatch.setattr(client, "_LARGE", large)
    monkeypatch.setattr(client, "packed", None)
    (there,) = books(tmp_path / "there", 1)
    (outcome,) = built_there(two.address, [there], shared=True)

    assert outcome.report is not None
    assert [outputs(there)] == built_here(
        books(tmp_path / "here", 1), tmp_path / "cache"
    )


# What is wrong


def found_here(root: Path) -> tuple[Diagnostic, ...]:
    with Workers(1) as workers, pytest.raises(MemobookError) as error:
        pipeline.build(root, workers=workers)
    return error.value.diagnostics


def test_the_findings_of_a_worker_are_those_that_are_found_here(two, tmp_path):
    bad = make(tmp_path / "bad", BAD)
    ugly = make(
        tmp_path / "ugly", {"manuscript/one.md": "# One\n\nA letter: \U00010330.\n"}
    )
    none = tmp_path / "none"
    outcomes = built_there(two.address, [bad, ugly, none])
    for outcome, root in zip(outcomes, (bad, ugly, none), strict=True):
        assert outcome.report is None
        assert outcome.diagnostics == found_here(root)
    assert outcomes[2].diagnostics[0].code is Code.PROJECT_NOT_FOUND


def test_a_folder_that_a_worker_does_not_see_is_told(two, tmp_path):
    (root,) = books(tmp_path, 1)
    order = Order(root=Path(f"{root}/../{root.name}"))
    with opened(two.address, shared=True) as place:
        (tmp_path / root.name).rename(tmp_path / "elsewhere")
        there = place.executor.submit(build_shared, order, kit())
        with pytest.raises(MachineError, match="does not see"):
            there.result()


# What is lost


def test_a_worker_that_is_killed_costs_no_book(tmp_path):
    roots = books(tmp_path / "there", 6)
    with loopback(tmp_path / "dask", 2) as cluster:
        orders = [Order(root=root) for root in roots]
        with opened(cluster.address, shared=False) as place:
            outcomes = build_all(orders, place)
            first = next(outcomes)
            cluster.workers[0].kill()
            found = [first, *outcomes]
    assert sorted(o.order.root for o in found) == roots
    assert all(outcome.report for outcome in found)
    here = built_here(books(tmp_path / "here", 6), tmp_path / "cache")
    assert [outputs(root) for root in roots] == here


def test_a_worker_that_is_killed_costs_no_section(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "_LARGE", 0)
    memos = {f"manuscript/memo-{n}.md": f"# Memo {n}\n\n{TEXT[7:]}" for n in range(12)}
    root = make(tmp_path / "there", memos)
    titles: list[str] = []
    with loopback(tmp_path / "dask", 2) as cluster:

        def told(_: Order, title: str) -> None:
            titles.append(title)
            if "Memo 3" in titles:
                cluster.workers[0].kill()

        with opened(cluster.address, shared=False) as place:
            (outcome,) = build_all([Order(root=root)], place, told)
    assert outcome.report is not None
    here = built_here([make(tmp_path / "here", memos)], tmp_path / "cache")
    assert [outputs(root)] == here


def test_a_cluster_that_is_gone_costs_no_book(tmp_path):
    roots = books(tmp_path, 3)
    with loopback(tmp_path / "dask", 1) as cluster:
        orders = [Order(root=root, formats=("epub",)) for root in roots]
        with opened(cluster.address, shared=False) as place:
            outcomes = build_all(orders, place)
            found = [next(outcomes)]
            cluster.scheduler.kill()
            cluster.workers[0].kill()
            found += outcomes
    assert len(found) == 3
    assert all(outcome.report for outcome in found)


# On the command line


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["build", *map(str, arguments)])


def test_a_book_is_built_on_a_cluster_and_told_as_any_other(two, tmp_path):
    root = make(tmp_path, {"manuscript/one.md": TEXT})
    result = run(root, "--cluster", two.address)
    assert (result.exit_code, result.stderr) == (0, "")
    assert " built " in result.stdout.splitlines()[1]


@pytest.mark.parametrize(
    ("address", "said"),
    [("tcp://127.0.0.1:9", "there is no cluster at"), ("mail://x:1", "no cluster at")],
)
def test_a_cluster_that_is_not_there_has_exit_code_4(
    tmp_path, monkeypatch, address, said
):
    monkeypatch.setattr(client, "_PATIENCE", 1)
    result = run(make(tmp_path, BAD), "--cluster", address)
    assert (result.exit_code, result.stdout) == (4, "")
    assert said in result.stderr
    assert "dask scheduler --port " in result.stderr
    assert f"dask worker {address} --nthreads 1" in result.stderr


def test_a_cluster_with_tls_says_how_its_keys_are_named(tmp_path):
    result = run(make(tmp_path, BAD), "--cluster", "tls://127.0.0.1:9")
    assert result.exit_code == 4
    assert "asks for a certificate and a key" in result.stderr
    assert "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY=key.pem" in result.stderr


def test_a_cluster_with_tls_builds_as_the_readme_says(tmp_path, monkeypatch):
    readme = (ROOT / "README.md").read_text("utf-8")
    (make_keys,) = re.findall(r"^openssl .*$", readme, re.MULTILINE)
    (options,) = re.findall(r'^keys="(.*)"$', readme, re.MULTILINE)
    settings = re.findall(r"^export (DASK_\w+)=(\S+)$", readme, re.MULTILINE)
    folder = tmp_path / "dask"
    folder.mkdir()
    subprocess.run(shlex.split(make_keys), cwd=folder, check=True, capture_output=True)

    command = (sys.executable, "-m", "memobook", "build", make(tmp_path, GOOD))
    with loopback(folder, 1, tls=tuple(options.split())) as cluster:
        done = subprocess.run(
            [*command, "--cluster", cluster.address],
            cwd=folder,
            env={**os.environ, **dict(settings)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert cluster.address.startswith("tls://")
    assert (done.returncode, done.stderr) == (0, "")
    assert " built " in done.stdout.splitlines()[1]


def test_keys_that_are_not_there_are_told(tmp_path):
    names = ("ca-file", "client.cert", "client.key")
    with dask.config.set({f"distributed.comm.tls.{n}": "none.pem" for n in names}):
        result = run(make(tmp_path, BAD), "--cluster", "tls://127.0.0.1:9")
    assert result.exit_code == 4
    assert "what the cluster's TLS needs cannot be read" in result.stderr
    assert "DASK_DISTRIBUTED__COMM__TLS__CA_FILE" in result.stderr


def test_a_cluster_without_workers_has_exit_code_4(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "_PATIENCE", 2)
    with loopback(tmp_path / "dask", 0) as cluster:
        result = run(make(tmp_path / "book", BAD), "--cluster", cluster.address)
    assert result.exit_code == 4
    assert "has no workers" in result.stderr
    assert f"dask worker {cluster.address}" in result.stderr


def test_memobook_without_dask_says_what_to_type(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = run(make(tmp_path, BAD), "--cluster", "tcp://127.0.0.1:8786")
    assert result.exit_code == 4
    assert (
        result.stderr.splitlines()[1]
        == '   hint: type: pip install "memobook[cluster]"'
    )


def test_shared_without_a_cluster_is_wrong_usage(tmp_path):
    assert run(make(tmp_path, BAD), "--shared").exit_code == 2


def test_unchanged_books_need_no_cluster(tmp_path):
    root = make(tmp_path, {"manuscript/one.md": TEXT})
    assert run(root, "--format", "epub").exit_code == 0
    start = time.monotonic()
    result = run(root, "--format", "epub", "--cluster", "tcp://127.0.0.1:9")
    assert result.exit_code == 0
    assert time.monotonic() - start < client._PATIENCE
