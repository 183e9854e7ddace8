"""A page is drawn as a picture whose colours are those of the page."""

import io

from PIL import Image, ImageChops, ImageDraw, ImageStat

from memobook.outputs.pdf import raster
from memobook.outputs.pdf.sheet import Sheet


def drawn(monkeypatch, image):
    monkeypatch.setattr(raster, "_drawn", lambda *_: image)
    data = raster.draw(Sheet(section="cover", pdf=b"", pages=1, anchors=()))
    return Image.open(io.BytesIO(data))


def apart(one, other):
    """Return by how much a pixel's colour differs at most."""
    found = ImageChops.difference(one.convert("RGB"), other)
    return max(most for _, most in ImageStat.Stat(found).extrema)


def test_letters_on_flat_ground_keep_their_colours(monkeypatch):
    image = Image.new("RGB", (400, 600), (250, 247, 240))
    pen = ImageDraw.Draw(image)
    for n in range(40):
        pen.rectangle((0, n * 15, 400, n * 15 + 9), fill=(5 * n, 90, 250 - 3 * n))
        pen.text((20, n * 15), "Rooftops before rivers", fill=(20, 20 + n, 90))
    found = drawn(monkeypatch, image)
    assert found.mode == "P"
    assert apart(found, image) <= 8


def test_a_gradient_keeps_its_steps(monkeypatch):
    across = Image.linear_gradient("L").resize((400, 600))
    down = across.rotate(90).resize((400, 600))
    image = Image.merge("RGB", (across, down, Image.new("L", (400, 600), 128)))
    assert apart(drawn(monkeypatch, image), image) < 24
