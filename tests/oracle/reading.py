"""From the bytes of a file to its records: signature, encoding, RFC 4180, headers."""

from tests.oracle.columns import IGNORED, REQUIRED, find_column


class FileRefusedError(Exception):
    """The whole file is refused; the text is the kind of fault."""


def read_text(content: bytes) -> str:
    """UTF-8 with BOM, strict UTF-8, strict GB18030, in that order."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FileRefusedError("utf-16")
    encodings = ["utf-8", "gb18030"]
    if content[:3] == b"\xef\xbb\xbf":
        content, encodings = content[3:], ["utf-8"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise FileRefusedError("empty")
        return text
    raise FileRefusedError("encoding")


def read_records(text: str) -> list[list[str]]:
    """The records of RFC 4180 text, one character at a time. Blank lines are records too."""
    records: list[list[str]] = [[""]]
    quoted, closed, position = False, False, 0
    while position < len(text):
        character, after = text[position], text[position + 1 : position + 2]
        position += 1
        if quoted and character == '"' and after == '"':
            records[-1][-1] += '"'
            position += 1
        elif character == '"' and (quoted or records[-1][-1] == ""):
            quoted, closed = not quoted, quoted
        elif quoted:
            records[-1][-1] += character
        elif closed and character not in ",\r\n":
            raise FileRefusedError("text behind a closing quote")
        elif character == ",":
            records[-1].append("")
            closed = False
        elif character == "\n":
            records.append([""])
            closed = False
        elif not (character == "\r" and after == "\n"):
            records[-1][-1] += character
    if quoted:
        raise FileRefusedError("open quote")
    return records[:-1] if records[-1] == [""] else records


def read_headers(headers: list[str]) -> dict[int, str]:
    """Position → column name; unknown headers and the report's own two are left out."""
    places: dict[int, str] = {}
    for place, header in enumerate(headers):
        column = find_column(header)
        if column is None:
            continue
        if column.name in places.values():
            raise FileRefusedError("two headers for one column")
        places[place] = column.name
    for name in REQUIRED:
        if name not in places.values():
            raise FileRefusedError("missing column")
    return places


def unknown_headers(headers: list[str]) -> list[str]:
    """Headers that deserve a warning."""
    return [
        header for header in headers if not find_column(header) and header.strip() not in IGNORED
    ]
