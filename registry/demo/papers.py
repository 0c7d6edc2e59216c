"""Sheets that somebody signed, drawn: nobody's hand and nobody's name."""

import io

from PIL import Image, ImageDraw

SIZE = (480, 640)
PAPER, INK, SEAL = "#f6f2e7", "#3a3a44", "#b3322b"


def sheet(headed: str) -> bytes:
    """A photo of a sheet with lines of writing and a thumb print, headed by what tells it apart."""
    picture = Image.new("RGB", SIZE, PAPER)
    drawing = ImageDraw.Draw(picture)
    drawing.text((48, 36), headed, fill=INK)
    for top in range(110, 470, 30):
        drawing.line((48, top, 432, top), fill=INK, width=2)
    drawing.ellipse((330, 510, 390, 590), fill=SEAL)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=60)
    return content.getvalue()
