"""A photo or PDF is made anew: nothing that hid in the upload is in what is kept."""

import io
import json
import time

import pikepdf
import pytest
from PIL import Image

from tests.pictures import (
    bomb,
    locked_pdf,
    pdf,
    pdf_bomb,
    pdf_with_photo,
    photo,
    photo_with_place,
    ruined_exif,
)
from workflow.pictures import (
    JPEG,
    LONGEST_SIDE,
    MOST_BYTES,
    PDF,
    THUMBNAIL_SIDE,
    BadPicture,
    made_anew,
    small,
)

HTML = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_jpeg(form):
    made = made_anew(photo(form=form))
    assert made.media_type == JPEG
    assert Image.open(io.BytesIO(made.content)).format == "JPEG"
    assert (made.width, made.height) == (640, 480)


def test_what_the_camera_wrote_leaves_the_picture():
    made = made_anew(photo_with_place())
    assert not Image.open(io.BytesIO(made.content)).getexif()
    assert b"Canary" not in made.content


def test_what_the_camera_wrote_is_kept_apart():
    said = json.loads(made_anew(photo_with_place()).metadata)
    assert said["time"] == "2020:11:05 10:20:30"
    assert said["device"] == "Canary"
    assert said["place"]


def test_a_photo_that_lies_on_its_side_stands_upright():
    made = made_anew(photo_with_place())
    assert (made.width, made.height) == (200, 300)


def test_a_large_photo_is_made_smaller():
    made = made_anew(photo((4000, 3000)))
    assert max(made.width, made.height) == LONGEST_SIDE


def test_what_follows_a_picture_in_its_file_is_gone():
    assert HTML not in made_anew(photo() + HTML).content


def test_the_same_upload_has_the_same_digest():
    assert made_anew(photo()).digest == made_anew(photo()).digest


def test_a_pdf_loses_scripts_attachments_and_metadata():
    made = made_anew(pdf(script="app.alert('canary')"))
    assert made.media_type == PDF
    assert b"canary" not in made.content
    with pikepdf.open(io.BytesIO(made.content)) as kept:
        assert "/OpenAction" not in kept.Root
        assert len(kept.attachments) == 0
        assert len(kept.pages) == 1


@pytest.mark.parametrize(
    ("upload", "word"),
    [
        (b"", "empty"),
        (HTML, "no photo"),
        (b"GIF89a" + bytes(40), "no photo"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
        (b"%PDF-1.7 nothing", "broken"),
        (photo()[:200], "no photo"),
        (bytes(MOST_BYTES + 1), "10 MB"),
        (pdf(21), "1 to 20 pages"),
        (locked_pdf(), "password"),
    ],
    ids=["empty", "html", "gif", "heic", "broken pdf", "cut", "large", "pages", "locked"],
)
def test_a_file_that_cannot_be_kept_is_refused_in_words(upload, word):
    with pytest.raises(BadPicture, match=word):
        made_anew(upload)


def test_a_bomb_is_refused_before_it_is_unpacked():
    started = time.monotonic()
    with pytest.raises(BadPicture, match="pixels"):
        made_anew(bomb())
    assert time.monotonic() - started < 1


def test_a_pdf_that_unpacks_to_gigabytes_is_refused_in_time():
    upload = pdf_bomb()
    assert len(upload) < 100_000
    started = time.monotonic()
    with pytest.raises(BadPicture, match="broken"):
        made_anew(upload)
    assert time.monotonic() - started < 5


def test_the_photos_in_a_pdf_lose_what_the_camera_wrote():
    upload = pdf_with_photo()
    assert b"Canary" in upload
    with pikepdf.open(io.BytesIO(made_anew(upload).content)) as kept:
        scan = kept.pages[0].Resources.XObject.Scan.read_raw_bytes()
    assert b"Canary" not in scan
    assert Image.open(io.BytesIO(scan)).size == (300, 200)


def test_a_photo_with_ruined_remarks_of_its_camera_is_kept():
    assert made_anew(ruined_exif()).media_type == JPEG


def test_what_shines_through_becomes_white():
    clear = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(clear, "PNG")
    made = Image.open(io.BytesIO(made_anew(clear.getvalue()).content))
    assert made.getpixel((1, 1)) == (255, 255, 255)


def test_a_list_shows_a_small_copy():
    kept = made_anew(photo((2000, 1000))).content
    assert Image.open(io.BytesIO(small(kept))).size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE // 2)
