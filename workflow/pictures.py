"""Photos and PDFs made anew on arrival: what may hide in an uploaded file stays behind.

A photo is decoded and encoded again as JPEG, upright, LONGEST_SIDE pixels at most, without what
the camera wrote beside it. A PDF is rewritten without scripts, actions, files, forms and metadata.
Bytes in, values out: no database and no Django here; the reasons are English msgids.
"""

import io
import json
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pikepdf
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

JPEG, PDF = "image/jpeg", "application/pdf"
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_PAGES = 20
LONGEST_SIDE = 2000
QUALITY = 80
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP")
HEIC = re.compile(rb"....ftyp(heic|heix|hevc|heim|heis|mif1|msf1|avif)", re.DOTALL)
TIME, PLACE, DEVICE = "time", "place", "device"
DANGEROUS_KEYS = (
    "/OpenAction", "/AA", "/Names", "/AcroForm", "/Metadata", "/Outlines", "/URI", "/Collection",
    "/JavaScript", "/EmbeddedFiles", "/AF", "/PieceInfo",
)  # fmt: skip
PAGE_KEYS = ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/Thumb")


def gettext_noop(text: str) -> str:
    """Mark a reason for the translation catalogue."""
    return text


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
        raise BadPicture(gettext_noop("The file is larger than 10 MB. Take the photo smaller."))
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
    image = Image.open(io.BytesIO(upload), formats=PHOTO_FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    metadata = _metadata(image)
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "P"):
        upright = Image.alpha_composite(
            Image.new("RGBA", upright.size, "white"), upright.convert("RGBA")
        )
    plain = upright.convert("RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new("RGB", plain.size)
    fresh.paste(plain)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), JPEG, digest, metadata, fresh.width, fresh.height)


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
    try:
        with pikepdf.open(io.BytesIO(upload)) as document:
            return _rewritten(document, digest)
    except pikepdf.PasswordError as error:
        raise BadPicture(
            gettext_noop("The PDF is locked by a password. Save it without one.")
        ) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        if isinstance(error, BadPicture):
            raise
        raise BadPicture(gettext_noop("The PDF is broken. Save or scan it again.")) from error


def _rewritten(document: pikepdf.Pdf, digest: str) -> Picture:
    if document.is_encrypted:
        raise BadPicture(gettext_noop("The PDF is locked by a password. Save it without one."))
    if not 0 < len(document.pages) <= MOST_PAGES:
        raise BadPicture(gettext_noop("The PDF must have 1 to 20 pages. Split it."))
    fresh = pikepdf.new()
    fresh.pages.extend(document.pages)
    for page in fresh.pages:
        _strip(page.obj, PAGE_KEYS)
    _strip(fresh.Root, DANGEROUS_KEYS)
    out = io.BytesIO()
    fresh.save(out, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    if out.tell() > MOST_BYTES:
        raise BadPicture(gettext_noop("The file is larger than 10 MB. Take the photo smaller."))
    return Picture(out.getvalue(), PDF, digest)


def _strip(holder: pikepdf.Object, keys: tuple[str, ...]) -> None:
    remove: Callable[[str], None] = holder.__delitem__
    for key in keys:
        if key in holder:
            remove(key)
