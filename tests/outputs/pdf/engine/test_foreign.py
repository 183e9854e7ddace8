"""WeasyPrint's types are described to cffi once."""

import importlib

from memobook.outputs.pdf.layout import prepare_process


def library():
    prepare_process()
    return importlib.import_module("weasyprint.text.ffi").ffi


def test_an_array_with_a_length_in_its_name_holds_as_many():
    ffi = library()
    assert list(ffi.new("hb_codepoint_t[3]", [7, 8, 9])) == [7, 8, 9]
    assert list(ffi.new("hb_tag_t[2]")) == [0, 0]
    assert ffi.string(ffi.new("char[]", b"Pango")) == b"Pango"


def test_a_pointer_starts_with_what_it_is_given():
    ffi = library()
    assert ffi.new("unsigned int *", 100)[0] == 100
    assert ffi.new("PangoRectangle *").width == 0


def test_no_length_of_an_array_makes_cffi_parse_again(monkeypatch):
    ffi = library()
    ffi.new("hb_codepoint_t[4]", [1, 2, 3, 4])

    def parse(name):
        raise AssertionError(name)

    monkeypatch.setattr(ffi._parser, "parse_type", parse)
    assert len(ffi.new("hb_codepoint_t[31]", [0] * 31)) == 31
    assert ffi.cast("PangoFcFontMap *", ffi.NULL) == ffi.NULL
