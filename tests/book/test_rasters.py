"""Pictures as an output can have them."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageCms

from memobook.book.rasters import PRINT, SCREEN, Limits, epub_limits, fitted


def picture(kind: str, size=(40, 20), mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert(mode)
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
@pytest.mark.parametrize("limits", [PRINT, SCREEN, Limits(PRINT.formats, 40, 20)])
def test_a_picture_that_is_right_keeps_its_bytes(kind, limits):
    data = picture(kind)
    assert fitted(data, limits) is data


def test_an_epub_keeps_webp_and_paper_does_not():
    data = picture("WEBP")
    assert fitted(data, SCREEN) is data
    assert opened(fitted(data, PRINT)).format == "PNG"


def test_avif_is_converted_for_both():
    for limits in (PRINT, SCREEN):
        assert opened(fitted(picture("AVIF"), limits)).format in {"PNG", "JPEG"}


def test_a_photograph_of_another_format_becomes_a_jpeg():
    noise = Image.merge("RGB", [Image.effect_noise((90, 90), 99) for _ in "rgb"])
    out = io.BytesIO()
    noise.save(out, "WEBP")
    assert opened(fitted(out.getvalue(), PRINT)).format == "JPEG"


def test_transparency_stays():
    out = io.BytesIO()
    Image.new("RGBA", (9, 9), (1, 2, 3, 100)).save(out, "WEBP")
    made = opened(fitted(out.getvalue(), PRINT))
    assert (made.format, made.mode) == ("PNG", "RGBA")


@pytest.mark.parametrize(
    ("size", "limits", "expected"),
    [
        ((400, 200), Limits(PRINT.formats, 100, 100), (100, 50)),
        ((200, 400), Limits(PRINT.formats, 100, 100), (50, 100)),
        ((400, 200), Limits(PRINT.formats, 1000, 100), (200, 100)),
        ((400, 200), epub_limits(300), (300, 150)),
    ],
)
def test_a_larger_picture_is_made_smaller_in_its_proportions(size, limits, expected):
    assert opened(fitted(picture("JPEG", size), limits)).size == expected


def test_a_picture_is_turned_as_its_camera_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6
    made = opened(fitted(picture("JPEG", exif=exif), PRINT))
    assert made.size == (20, 40)
    assert made.getexif().get(0x0112, 1) == 1
    limits = Limits(PRINT.formats, 20, 40)
    assert opened(fitted(picture("JPEG", exif=exif), limits)).size == (20, 40)


def test_colours_of_another_profile_become_srgb():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    data = picture("JPEG", icc_profile=lab.tobytes())
    made = opened(fitted(data, PRINT))
    assert "icc_profile" not in made.info
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    plain = picture("JPEG", icc_profile=srgb.tobytes())
    assert fitted(plain, PRINT) is plain


def test_the_colours_of_a_press_are_for_paper_only():
    data = picture("JPEG", mode="CMYK")
    assert fitted(data, PRINT) is data
    assert opened(fitted(data, SCREEN)).mode == "RGB"


@pytest.mark.parametrize("data", [b"<svg/>", b"", b"GIF89a", b"\xef\xbb\xbf<svg/>"])
def test_drawings_and_what_is_damaged_stay(data):
    assert fitted(data, replace(PRINT, width=1, height=1)) == data


def test_the_same_picture_gives_the_same_bytes():
    first = fitted(picture("JPEG", (300, 200)), epub_limits(100))
    fitted.cache_clear()
    assert first == fitted(picture("JPEG", (300, 200)), epub_limits(100))
