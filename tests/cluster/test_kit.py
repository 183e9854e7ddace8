"""Before a worker is trusted with a book: has it what this machine has?"""

import pytest

from memobook.cluster import client
from memobook.cluster.kit import difference, kit
from memobook.diagnostics import MachineError
from memobook.project.files import MISSING


class Fake:
    """A cluster of one worker, as far as its check asks."""

    def __init__(self, versions, kits, threads=1):
        self.versions, self.kits, self.threads = versions, kits, threads

    def wait_for_workers(self, count, timeout):
        pass

    def nthreads(self):
        return {"tcp://worker:1": self.threads}

    def run(self, function, *arguments, on_error="raise"):
        return {"tcp://worker:1": self.versions if arguments else self.kits}


VERSION = kit()["memobook"]


def checked(*facts, **more):
    with pytest.raises(MachineError) as error:
        client._checked(Fake(*facts, **more), "tcp://here:8786")
    return error.value


def test_a_worker_that_is_as_this_machine_is_can_be_used():
    assert client._checked(Fake(VERSION, kit()), "tcp://here:8786") == 1


def test_a_worker_with_another_memobook_is_named():
    found = checked("0.0.9", {})
    assert (
        found.message
        == f"the worker tcp://worker:1 has memobook 0.0.9, and here it is {VERSION}"
    )
    assert found.hint == f'type there: pip install "memobook[cluster]=={VERSION}"'


def test_a_worker_without_memobook_is_named():
    found = checked(ModuleNotFoundError("memobook"), {})
    assert "tcp://worker:1 has no memobook" in found.message


@pytest.mark.parametrize(
    "name", ["weasyprint", "Pango", "zlib", "fontpkg-literata", "Python"]
)
def test_a_worker_with_another_engine_or_font_is_named(name):
    found = checked(VERSION, {**kit(), name: "0.1"})
    assert (
        f"tcp://worker:1 has {name} 0.1, and here it is {kit()[name]}" in found.message
    )


def test_a_worker_that_lacks_a_font_is_named():
    there = {k: v for k, v in kit().items() if k != "fontpkg-inter"}
    assert "has no fontpkg-inter" in checked(VERSION, there).message


def test_a_worker_with_two_threads_is_refused():
    found = checked(VERSION, kit(), threads=2)
    assert "has 2 threads" in found.message
    assert "--nthreads 1" in found.hint


def test_a_machine_that_only_sends_books_needs_no_pango():
    here = {**kit(), "Pango": MISSING}
    assert difference(here, kit()) == ""
    assert difference(kit(), here) == f"no Pango, and here it is {kit()['Pango']}"
