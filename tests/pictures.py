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


def pdf_with_photo() -> bytes:
    """A scan as a phone makes it: one page with a JPEG in which the camera wrote."""
    document = pikepdf.new()
    page = document.add_blank_page()
    image = document.make_stream(
        photo_with_place(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=300,
        Height=200,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
    page.obj.Contents = document.make_stream(b"q 300 0 0 200 0 0 cm /Scan Do Q")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


PAGELESS = b"2 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\n"


def pdf_bomb(megabytes: int = 2000) -> bytes:
    """A PDF of some kilobytes whose table of objects unpacks, twice packed, to gigabytes."""
    packer, blank = zlib.compressobj(9), b" " * 1024 * 1024
    inner = [packer.compress(b"1 0 <</Type/Catalog/Pages 2 0 R>> ")]
    inner += [packer.compress(blank) for _ in range(megabytes)]
    packed = zlib.compress(b"".join([*inner, packer.flush()]), 9)
    filters = b"[/FlateDecode/FlateDecode]"
    head = b"3 0 obj\n<</Type/ObjStm/N 1/First 4/Filter%s/Length %d>>\nstream\n"
    start = b"%PDF-1.5\n"
    objects = start + head % (filters, len(packed)) + packed + b"\nendstream\nendobj\n"
    pages, table = len(objects), len(objects) + len(PAGELESS)
    entries = [(0, 0, 65535), (2, 3, 0), (1, pages, 0), (1, len(start), 0), (1, table, 0)]
    rows = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + number.to_bytes(2, "big")
        for kind, place, number in entries
    )
    reference = b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 2]/Root 1 0 R/Length %d>>\nstream\n"
    tail = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table
    return objects + PAGELESS + reference % len(rows) + rows + tail


def ruined_exif() -> bytes:
    """A sound picture whose camera wrote nonsense into every entry beside it."""
    whole = bytearray(photo_with_place())
    start = whole.index(b"Exif") + 16
    end = whole.index(b"\xff\xdb")
    for place in range(start + 2, end, 12):
        whole[place : place + 2] = b"\xff\x0b"
    return bytes(whole)
