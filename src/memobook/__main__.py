"""Run the command line: python -m memobook."""

from memobook.cli import app

app()
