"""WeasyPrint comes without what only some fonts need, until it is called for."""

import subprocess
import sys

PROGRAM = """
import sys
from memobook.outputs.pdf.layout import prepare_process

prepare_process()
from weasyprint.pdf import fonts

assert "fontTools.varLib.instancer" not in sys.modules
assert "fontTools.subset" not in sys.modules
fonts.subset.Options(layout_features="*")
assert "fontTools.subset" in sys.modules
try:
    fonts.instantiateVariableFont({}, {"wght": 700})
except ValueError as error:  # what the real one says of a font that is not variable
    print(error)
import fontTools.varLib
assert fontTools.varLib.__file__
"""


def test_what_a_variable_font_needs_is_loaded_when_it_is_called():
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert "fvar" in run.stdout
