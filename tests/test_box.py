"""The box of a worker: what is kept from it."""

import os
import socket
import subprocess
import sys

import pytest

from memobook.box import network, walls
from memobook.workers import Workers
from tests.harness import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="has another box")


def environment(_: object) -> dict[str, str]:
    return dict(os.environ)


def called(port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError as error:
        return type(error).__name__
    return "answered"


def descriptors(_: object) -> int:
    import resource

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


@pytest.fixture(scope="module")
def workers():
    with Workers(1, lay_out=False) as made:
        yield made


def test_a_worker_has_every_wall_that_the_system_has(workers):
    found = workers.begun(walls, network()).result()
    assert (found.time, found.memory, found.files) == (True, True, True)
    assert (found.privileges, found.environment) == (True, True)


def test_a_worker_reaches_no_server_of_this_machine(workers):
    if not workers.begun(walls, network()).result().network:
        pytest.skip("this container forbids network namespaces")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert workers.begun(called, server.getsockname()[1]).result() == "OSError"


def test_a_worker_knows_nothing_of_the_environment_that_it_does_not_need():
    # In a process of its own, as the fork server of this one has started.
    assert not walls(network()).network
    program = (
        "from memobook.workers import Workers\n"
        "from tests.test_box import environment\n"
        "if __name__ == '__main__':\n"
        "    with Workers(1, lay_out=False) as workers:\n"
        "        print('SECRET' in workers.begun(environment, None).result())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "SECRET": "x", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_a_worker_opens_few_files(workers):
    assert workers.begun(descriptors, None).result() <= 1024
