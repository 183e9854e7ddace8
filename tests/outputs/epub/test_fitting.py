"""Pictures of an EPUB, of which the large ones are made in a worker."""

import io

import pytest
from PIL import Image

from memobook.book.rasters import epub_limits
from memobook.outputs.epub.pictures import Fitting
from memobook.project.limits_schema import LimitsTable
from memobook.store import Store
from memobook.workers import Workers


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height)).save(out, "PNG")
    return out.getvalue()


def test_a_large_picture_is_the_same_from_a_worker(tmp_path):
    data = png(4000, 3000)
    here = Fitting(epub_limits(500)).fit(data)
    with Workers(1, lay_out=False) as workers:
        store = Store(tmp_path)
        there = Fitting(epub_limits(500), store, workers=workers).fit(data)
    assert here == there
    assert Image.open(io.BytesIO(there)).size == (500, 375)


def test_a_picture_with_more_pixels_than_allowed_is_not_looked_at():
    fitting = Fitting(epub_limits(500), allowed=LimitsTable(picture_megapixels=1))
    with pytest.raises(ValueError, match="larger than it may be"):
        fitting.fit(png(1200, 1000))
