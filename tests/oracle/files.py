"""From planned households to a file as officials send them: headers, order, labels, bytes."""

from dataclasses import dataclass, field

from tests.oracle.columns import COLUMNS, SHARED, SURVEYED, code_field, codes, headers_of
from tests.oracle.people import Draw, Plan

ALWAYS = {"village_code", "household_number", "name", "relation"}
IDENTITY = {"id_number", "no_id_reason", "sex", "birth_date"}
NEVER_ALONE = [{"status", "exit_year"}, {"member_end_reason", "member_end_date"}, set(SURVEYED)]
UNKNOWN = ["备注", "No.", "错误", "错误行", "填表人"]


@dataclass
class Sheet:
    """The cells of a file, and the record number of each planned row."""

    records: list[list[str]] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)

    def record_of(self, row: dict[str, str]) -> int:
        return self.places[id(row)]


def choose_columns(draw: Draw, plans: list[Plan], keep: set[str] = ALWAYS) -> list[str]:
    """The file's columns in its own order; sometimes all, sometimes some are missing."""
    names = [column.name for column in COLUMNS]
    if draw.often(0.5):
        droppable = [{name} for name in names if name not in ALWAYS | IDENTITY | keep]
        droppable = [one for one in droppable if not any(one <= pair for pair in NEVER_ALONE)]
        for dropped in draw.sample(droppable + NEVER_ALONE, draw.choice([1, 3, 8])):
            names = [name for name in names if name not in dropped]
    if draw.often(0.5):
        draw.shuffle(names)
    for plan in plans:
        for row in plan.rows:
            for name in [name for name in row if name not in names]:
                del row[name]
    return names


def spread(draw: Draw, plan: Plan) -> None:
    """Moves or copies the household's values from its first row to any of its rows."""
    shared = {name: plan.rows[0].pop(name) for name in SHARED[1:] if name in plan.rows[0]}
    style = draw.choice(["first", "every", "random", "scattered"])
    one = draw.choice(plan.rows)
    for name, text in shared.items():
        homes = {
            "first": plan.rows[:1],
            "every": plan.rows,
            "random": [one],
            "scattered": draw.sample(plan.rows, draw.randrange(1, len(plan.rows) + 1)),
        }[style]
        for row in homes:
            row[name] = text


def write_cells(draw: Draw, row: dict[str, str]) -> None:
    """Turns codes into labels and puts blanks around cells, here and there."""
    for column in COLUMNS:
        text = row.get(column.name, "")
        if column.kind in ("code", "yes_no", "guarantee", "cause"):
            row[column.name] = label(draw, code_field(column), text)
        elif column.kind == "causes" and text:
            comma = "，" if "，" in text else ","
            parts = [label(draw, "cause", part) for part in text.split(comma)]
            row[column.name] = comma.join(parts)
        if row.get(column.name) and draw.often(0.03):
            row[column.name] = draw.choice([" {}", "{} ", "\t{} "]).format(row[column.name])


def label(draw: Draw, field_name: str, code: str) -> str:
    if code not in codes(field_name) or draw.often(0.4):
        return code
    return draw.choice(codes(field_name)[code])


def write_header(draw: Draw, name: str, style: str) -> str:
    column = next(column for column in COLUMNS if column.name == name)
    names = headers_of(column)
    header = {"zh": names[0], "en": names[1], "alias": names[-1]}.get(style) or draw.choice(names)
    if draw.often(0.1):
        header = draw.choice([header.upper(), header.title(), f" {header}  ", header.lower()])
    return header


def write_sheet(draw: Draw, plans: list[Plan], columns: list[str]) -> Sheet:
    """Lays the rows out: shuffled, with blank records, unknown columns, short and long rows."""
    style = draw.choice(["zh", "en", "alias", "mixed"])
    headers = [write_header(draw, name, style) for name in columns]
    extra = draw.sample(UNKNOWN, draw.choice([0, 0, 1, 2]))
    sheet = Sheet([headers + extra])
    rows = [row for plan in plans for row in plan.rows]
    if draw.often(0.4):
        draw.shuffle(rows)
    for row in rows:
        if draw.often(0.02):
            sheet.records.append(draw.choice([[""], [""] * len(headers), [" ", "", "\t"]]))
        cells = [row.get(name, "") for name in columns]
        cells += [draw.choice(["", "看过", "1"]) for _ in extra] + row.get("+", "").split("|")
        if not row.get("+"):
            cells.pop()
        while cells[-1] == "" and draw.often(0.3):
            cells.pop()
        if draw.often(0.02) and len(cells) == len(sheet.records[0]):
            cells += ["", " "]
        sheet.records.append(cells)
        sheet.places[id(row)] = len(sheet.records)
    return sheet


def write_csv(draw: Draw, records: list[list[str]]) -> bytes:
    """RFC 4180, cells quoted where they must be and elsewhere at will, in any legal encoding."""
    newline = draw.choice(["\r\n", "\n"])
    quote_share = draw.choice([0.0, 0.05, 1.0])
    lines = []
    for record in records:
        cells = []
        for text in record:
            needed = any(character in text for character in '",\r\n')
            if needed or (draw.often(quote_share) and (len(record) > 1 or text)):
                text = '"' + text.replace('"', '""') + '"'
            cells.append(text)
        lines.append(",".join(cells))
    content = newline.join(lines) + draw.choice(["", newline])
    return content.encode(draw.choice(["utf-8-sig", "utf-8", "gb18030"]))
