"""Photos and PDFs made anew on arrival: what may hide in an uploaded file stays behind.

A photo is decoded and encoded again as JPEG, upright, LONGEST_SIDE pixels at most, without what
the camera wrote beside it. A PDF is rewritten without scripts, actions, files, forms and metadata.
Bytes in, values out: no database and no Django here; the reasons are English msgids.
"""

import io
import json
import re
import struct
import subprocess
import sys
import warnings
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from workflow import pdf_rewriting

JPEG, PDF = "image/jpeg", "application/pdf"
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE, THUMBNAIL_SIDE = 2000, 400
QUALITY = 80
PDF_SECONDS = 20
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP")
HEIC = re.compile(rb"....ftyp(heic|heix|hevc|heim|heis|mif1|msf1|avif)", re.DOTALL)
TIME, PLACE, DEVICE = "time", "place", "device"
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
RUINED = (OSError, SyntaxError, TypeError, ValueError, KeyError, ZeroDivisionError, struct.error)


def gettext_noop(text: str) -> str:
    """Mark a reason for the translation catalogue."""
    return text


TOO_LARGE = gettext_noop("The file is larger than 10 MB. Take the photo smaller.")
PDF_FAULTS = {
    pdf_rewriting.LOCKED: gettext_noop("The PDF is locked by a password. Save it without one."),
    pdf_rewriting.PAGES: gettext_noop("The PDF must have 1 to 20 pages. Split it."),
    pdf_rewriting.BROKEN: gettext_noop("The PDF is broken. Save or scan it again."),
}


class BadPicture(ValueError):
    """The file cannot be kept; its argument is the reason, to be translated where it is shown."""


@dataclass(frozen=True)
class Picture:
    """A file made anew. `metadata` is what the camera wrote beside it, as JSON text, "" for none.

    `digest` is the sha256 of the upload: the same photo is known again. A PDF has no width.
    """

    content: bytes
    media_type: str
    digest: str
    metadata: str = ""
    width: int | None = None
    height: int | None = None


def made_anew(upload: bytes) -> Picture:
    """The photo or PDF of an upload. Raises BadPicture with the first reason against it."""
    if len(upload) > MOST_BYTES:
        raise BadPicture(TOO_LARGE)
    if not upload:
        raise BadPicture(gettext_noop("The file is empty. Choose it again."))
    digest = sha256(upload).hexdigest()
    if upload.lstrip()[:5] == b"%PDF-":
        return _pdf(upload, digest)
    if HEIC.match(upload[:16]):
        raise BadPicture(
            gettext_noop(
                "This is a HEIC photo. Set the camera to JPEG (“most compatible”), or send"
                " a screenshot of it."
            )
        )
    return _photo(upload, digest)


def _photo(upload: bytes, digest: str) -> Picture:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decoded(upload, digest)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, BadPicture):
            raise
        raise BadPicture(
            gettext_noop("This is no photo (JPEG, PNG, WebP) and no PDF that can be read.")
        ) from error


def _too_many_pixels() -> BadPicture:
    return BadPicture(gettext_noop("The photo has more than 40 million pixels. Make it smaller."))


def _decoded(upload: bytes, digest: str) -> Picture:
    opened = Image.open(io.BytesIO(upload), formats=PHOTO_FORMATS)
    if opened.width * opened.height > MOST_PIXELS:
        raise _too_many_pixels()
    orientation, metadata = _written_by_camera(opened)
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image: Image.Image = opened if opened.mode in ("RGB", "L") else opened.convert("RGBA")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if orientation in UPRIGHT:
        image = image.transpose(UPRIGHT[orientation])
    plain = Image.new("RGB", image.size, "white")
    plain.paste(image, mask=image if image.mode == "RGBA" else None)
    return Picture(_jpeg(plain), JPEG, digest, metadata, plain.width, plain.height)


def small(photo: bytes) -> bytes:
    """A kept photo at the size of a list, THUMBNAIL_SIDE pixels at most."""
    image = Image.open(io.BytesIO(photo), formats=("JPEG",))
    image.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _written_by_camera(image: Image.Image) -> tuple[int, str]:
    """How the picture lies, and its metadata as JSON; (1, "") where what was written is ruined."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1)), _metadata(image)
    except RUINED:
        return 1, ""


def _metadata(image: Image.Image) -> str:
    """When, where and with what the photo was taken, as far as the camera says it."""
    exif = image.getexif()
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    device = " ".join(
        str(exif[tag]) for tag in (ExifTags.Base.Make, ExifTags.Base.Model) if tag in exif
    )
    taken = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    found = {
        TIME: str(taken) if taken else "",
        PLACE: {str(tag): _said(value) for tag, value in place.items()},
        DEVICE: device,
    }
    kept = {name: value for name, value in found.items() if value}
    return json.dumps(kept, ensure_ascii=False) if kept else ""


def _said(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _pdf(upload: bytes, digest: str) -> Picture:
    """Written anew by a program of its own, which a file that unpacks to gigabytes cannot leave."""
    try:
        answer = subprocess.run(
            [sys.executable, "-I", pdf_rewriting.__file__],
            input=upload,
            capture_output=True,
            env={},
            timeout=PDF_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadPicture(PDF_FAULTS[pdf_rewriting.BROKEN]) from error
    if answer.returncode:
        raise BadPicture(PDF_FAULTS.get(answer.returncode, PDF_FAULTS[pdf_rewriting.BROKEN]))
    if len(answer.stdout) > MOST_BYTES:
        raise BadPicture(TOO_LARGE)
    return Picture(answer.stdout, PDF, digest)
