"""A program of its own that writes a PDF anew: read from its input, written to its output.

It runs apart, within limits of memory and time and without the site's keys, because a small file
can unpack to gigabytes. Nothing of the site is imported here; the answer is in its exit status.
"""

import io
import resource
import sys

import pikepdf

LOCKED, PAGES, BROKEN = 3, 4, 5
MOST_PAGES = 20
MEMORY_BYTES = 300 * 1024 * 1024
CPU_SECONDS = 5
HIDDEN_KEYS = (
    "/AA", "/AF", "/Annots", "/JS", "/Metadata", "/OpenAction", "/PieceInfo", "/Thumb",
)  # fmt: skip
ROOT_KEYS = (
    "/AcroForm", "/Collection", "/Names", "/OpenAction", "/Outlines", "/URI",
)  # fmt: skip
STREAM_OF_PICTURE, START, COMMENT = 0xDA, b"\xff\xd8", 0xFE
KEPT_SEGMENTS = (0xE0, 0xE2, 0xEE)
"""Of a JPEG's application segments those that its colours need: JFIF, profile, Adobe."""


class TooManyPages(ValueError):
    """The document has no page, or more than are kept."""


def rewritten(upload: bytes) -> bytes:
    """The pages alone: no script, action, attached file, form, remark or metadata comes along.

    Raises TooManyPages; pikepdf.PasswordError; pikepdf.PdfError for a broken file.
    """
    with pikepdf.open(io.BytesIO(upload)) as document:
        if document.is_encrypted:
            raise pikepdf.PasswordError
        if not 0 < len(document.pages) <= MOST_PAGES:
            raise TooManyPages
        fresh = pikepdf.new()
        fresh.pages.extend(document.pages)
        for one in fresh.objects:
            if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
                _strip(one, HIDDEN_KEYS)
            if isinstance(one, pikepdf.Stream) and one.get("/Filter") == pikepdf.Name.DCTDecode:
                one.write(plain_jpeg(one.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
        _strip(fresh.Root, ROOT_KEYS)
        out = io.BytesIO()
        fresh.save(
            out,
            compress_streams=True,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def plain_jpeg(picture: bytes) -> bytes:
    """A JPEG without what the camera wrote beside it; anything else comes back as it was."""
    if not picture.startswith(START):
        return picture
    kept, place = [START], len(START)
    while place + 4 <= len(picture) and picture[place] == 0xFF:
        marker = picture[place + 1]
        if marker == STREAM_OF_PICTURE:
            break
        end = place + 2 + int.from_bytes(picture[place + 2 : place + 4], "big")
        written_by_camera = 0xE0 <= marker <= 0xEF and marker not in KEPT_SEGMENTS
        if not written_by_camera and marker != COMMENT:
            kept.append(picture[place:end])
        place = end
    return b"".join([*kept, picture[place:]])


def _strip(holder: pikepdf.Object, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in holder:
            del holder[key]


def main() -> int:
    """Rewrite the input within the limits; the exit status says why not."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        made = rewritten(sys.stdin.buffer.read())
    except pikepdf.PasswordError:
        return LOCKED
    except TooManyPages:
        return PAGES
    except (pikepdf.PdfError, MemoryError, RuntimeError, ValueError, TypeError):
        return BROKEN
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
