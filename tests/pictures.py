"""Photos and PDFs for tests, sound and harmful."""

import io
import zlib

import pikepdf
from PIL import ExifTags, Image


def photo(size: tuple[int, int] = (640, 480), form: str = "JPEG", colour: str = "#336699") -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A JPEG in which a camera wrote its name, the time and where it was; it lies on its side."""
    picture = Image.new("RGB", (300, 200), "#884422")
    exif = picture.getexif()
    exif[ExifTags.Base.Make] = "Canary"
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.DateTime] = "2020:11:05 10:20:30"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitude] = (26.0, 34.0, 12.0)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def pdf(pages: int = 1, script: str = "") -> bytes:
    """A PDF of blank pages; with `script` as its open action and in an attached file."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if script:
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String(script)
        )
        document.attachments["canary.txt"] = script.encode()
        document.docinfo["/Author"] = script
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def locked_pdf() -> bytes:
    """A PDF that opens with a password only."""
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it has ten thousand million pixels."""
    whole = bytearray(photo((8, 8), "PNG"))
    whole[16:24] = (100_000).to_bytes(4, "big") * 2
    whole[29:33] = zlib.crc32(bytes(whole[12:29])).to_bytes(4, "big")
    return bytes(whole)
