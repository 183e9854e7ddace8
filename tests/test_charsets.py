"""Expressions whose sets of characters are kept match what they always matched."""

import subprocess
import sys

PROGRAM = """
import re, re._compiler, re._parser, sys

PATTERNS = (
    ("[a-z\\x80-\\U0010ffff]+[a-z\\x80-\\U0010ffff]", re.I),
    ("[^\\\\s\\u2019-\\u3000x]|[\\u2019-\\u3000x]", 0),
    ("[\\\\w-]|[\\u017f\\u0130i]", re.I | re.ASCII),
)


def codes():
    return [
        re._compiler._code(re._parser.parse(pattern, flags), flags)
        for pattern, flags in PATTERNS
    ]


before, known = codes(), re._compiler._optimize_charset
import memobook.charsets
assert re._compiler._optimize_charset is not known
assert codes() == before, "the first time"
assert codes() == before, "from what is kept"
"""


def test_what_is_kept_is_what_python_makes():
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
