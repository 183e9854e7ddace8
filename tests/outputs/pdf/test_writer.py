import io

import pikepdf
import pytest

from memobook.outputs.pdf.source import Source
from memobook.outputs.pdf.writer import Writer
from tests.outputs.pdf.sheets import opened


def written(count: int = 0, **entries: bytes) -> bytes:
    """Return a PDF of one empty page, and so many objects that only say their index."""
    writer = Writer()
    tree = writer.reserve()
    facts = b"/MediaBox [ 0 0 9 9 ] /Parent %d 0 R /Resources << >>" % tree
    page = writer.add(b"<< %b /Type /Page >>" % facts)
    numbers = [writer.add(b"<< /Index %d >>" % index) for index in range(count)]
    writer.put(tree, b"<< /Count 1 /Kids [ %d 0 R ] /Type /Pages >>" % page)
    more = b"".join(b"/%b %b " % (k.encode(), v) for k, v in entries.items())
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    root = b"<< /All [ %b ] %b/Pages %d 0 R /Type /Catalog >>" % (kids, more, tree)
    information = writer.add(b"<< /Title (Space) >>")
    return writer.finish(writer.add(root), information)


@pytest.mark.parametrize("count", [0, 1, 196, 197, 1000])
def test_what_was_written_can_be_read(count):
    with opened(written(count)) as pdf:
        assert not pdf.check_pdf_syntax()
        assert [int(o.Index) for o in pdf.Root.All] == list(range(count))
        assert str(pdf.docinfo.Title) == "Space"


def test_streams_are_written_compressed_or_as_they_are():
    writer = Writer()
    tree = writer.reserve()
    plain = writer.stream(b"<< /Length 99 >>", b"plain")
    small = writer.compressed(b"<< /Length1 3 >>", b"small" * 99)
    writer.put(tree, b"<< /Count 0 /Kids [ ] /Type /Pages >>")
    root = b"<< /A %d 0 R /B %d 0 R /Pages %d 0 R >>" % (plain, small, tree)

    with opened(writer.finish(writer.add(root), writer.add(b"<< >>"))) as pdf:
        assert pdf.Root.A.read_bytes() == b"plain"
        assert pdf.Root.B.read_bytes() == b"small" * 99
        assert int(pdf.Root.B.Length1) == 3


def test_an_object_that_never_came_is_an_error():
    writer = Writer()
    writer.reserve()

    with pytest.raises(ValueError, match="was never written"):
        writer.finish(writer.add(b"<< >>"), writer.add(b"<< >>"))


def saved(words: str) -> bytes:
    """Return a PDF of qpdf's that says these words."""
    with opened(written(300)) as pdf:
        pdf.Root.Words = pdf.make_indirect(pikepdf.Array([pikepdf.String(words)]))
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


@pytest.mark.parametrize(
    "words", ["a 1 0 R b", "( 2 0 R", "\\) 3 0 R\\", "\n 4 0 R", "ž 5 0 R", "/All [ 1"]
)
def test_what_strings_say_is_no_reference(words):
    source = Source.read(saved(words))
    writer = Writer()

    source.copy(writer, {}).write(writer)  # so that each number is another
    copy = source.copy(writer, {})
    copy.write(writer)
    assert source.information is not None
    root, information = (copy.numbers[n] for n in (source.root, source.information))

    with opened(writer.finish(root, information)) as pdf:
        assert str(pdf.Root.Words[0]) == words
        assert [int(o.Index) for o in pdf.Root.All] == list(range(300))


def test_a_pdf_of_another_form_is_refused():
    with pytest.raises(ValueError, match="has another form at 11"):
        Source.read(b"%PDF-1.7\n%\n1 0 obj <<>>")
