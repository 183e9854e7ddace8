"""Run the command line: memobook, or python -m memobook."""

import signal

# Until main can answer Ctrl-C, it ends the process as it ends any other: an import that
# is broken off would print a traceback. A worker has another name, and its own answer.
_IS_STARTING = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if __name__ == "__main__" and _IS_STARTING:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import atexit  # noqa: E402 (after that)
import errno  # noqa: E402 (after that)
import io  # noqa: E402 (after that)
import os  # noqa: E402 (after that)
import sys  # noqa: E402 (after that)
from pathlib import Path  # noqa: E402 (after that)

LACKING = 4
INTERRUPTED = 130

# What does a machine answer where no code is wrong? Rooms that can say more do so.
_REFUSED = {
    errno.EACCES,
    errno.ELOOP,
    errno.EMFILE,
    errno.ENAMETOOLONG,
    errno.ENOSPC,
    errno.EPERM,
    errno.EROFS,
}
_LONGEST = 120


def main() -> None:
    """Run the command line; Ctrl-C ends it without a traceback."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL and _IS_STARTING:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal of old, or the bytes of a file's name, may lack a character.
            stream.reconfigure(errors="backslashreplace")
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except ImportError as error:
        # What a library in C makes of Ctrl-C while it is loaded.
        if not _is_interruption(error):
            raise
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        name = str(error.filename or "")
        short = name if len(name) < _LONGEST else f"{name[:_LONGEST]}…"
        sys.stderr.write(f"error: {short}: {error.strerror}\n")
        sys.exit(LACKING)


def _is_interruption(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _run() -> None:
    try:
        Path.cwd()
    except FileNotFoundError:
        sys.stderr.write("error: the current folder has been removed\n")
        sys.exit(LACKING)
    # Pydantic would look through all installed packages for plugins, in each process.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Not above: a worker process imports this module, and none of these.
    import memobook.charsets
    import memobook.collector  # noqa: F401 (both for their effect)
    from memobook.aside import own_temporary_folder

    own_temporary_folder()
    if folders := _first_builds(sys.argv[1:]):
        _get_workers_ready(sys.argv, len(folders))
    from memobook.cli import app

    try:
        app()
    except SystemExit as stop:
        _end(stop.code)


def _end(code: str | int | None) -> None:
    """End as the interpreter does, but leave the memory to the system.

    To take a large book apart, object by object, takes a twentieth of its build.
    """
    if code is not None and not isinstance(code, int):
        sys.exit(code)
    atexit._run_exitfuncs()  # temporary folders, worker processes
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or 120  # what the interpreter says of it
    os._exit(code or 0)


def _first_builds(arguments: list[str]) -> list[Path]:
    """Return, by a look, the projects whose build will have something to do.

    Nothing depends on it but when the workers begin to load.
    """
    names = [argument for argument in arguments[1:] if not argument.startswith("-")]
    folders = [Path(name) for name in names if Path(name).is_dir()] or [Path()]
    is_here = not any(argument.startswith("--cluster") for argument in arguments)
    return [
        folder
        for folder in folders
        if arguments[:1] == ["build"]
        and is_here
        and (folder / "manuscript" / "book.toml").is_file()
        and not (folder / "build" / ".cache").exists()
    ]


def _get_workers_ready(arguments: list[str], books: int) -> None:
    # The command line takes half as long to load as they do.
    from memobook.workers import get_ready

    has_format = any(a.startswith("--format") for a in arguments)
    lay_out = not has_format or "pdf" in " ".join(arguments)
    get_ready(lay_out=lay_out, whole_books=books > 1)


if __name__ == "__main__":
    main()
