"""Run the command line: memobook, or python -m memobook."""


def main() -> None:
    """Run the command line."""
    # Not above: a worker process imports this module, and needs no command line.
    from memobook.cli import app

    app()


if __name__ == "__main__":
    main()
