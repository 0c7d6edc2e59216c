"""The columns of the roster template, and the headings by which a file names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation

from households.importing import cells
from households.importing.cells import BadCell, Rule
from households.importing.template import REPORT_COLUMNS, Layout, WrongHeadings
from teams.models import END_REASONS, POST_NAMES, Rank, Sex, UnitLevel

UNIT_LENGTH, ACCOUNT_LENGTH, NUMBER_LENGTH = 100, 40, 12
STAR = "*"
ID_LENGTH = 18


@dataclass(frozen=True)
class Word:
    """What a cell of a list may hold: the code, how a Chinese file writes it, and its label."""

    code: str
    zh: str
    label: Any = field(compare=False)

    def shown(self, language: str | None) -> str:
        """How a file for readers of a language writes it."""
        return self.zh if is_chinese(language) else self.code


def words_of(labels: Mapping[Any, Any], *chinese: str) -> tuple[Word, ...]:
    """Words of a list, each with how a Chinese file writes it."""
    pairs = zip(labels.items(), chinese, strict=True)
    return tuple(Word(str(code), zh, label) for (code, label), zh in pairs)


SEXES = words_of(dict(Sex.choices), "男", "女")
LEVELS = words_of(dict(UnitLevel.choices), "中央", "省级", "市级", "县级", "乡镇级")
POSTS = words_of(POST_NAMES, "第一书记", "队长", "队员")
REASONS = words_of(END_REASONS, "任期届满", "召回", "提拔", "因病", "其他")
RANKS = words_of(dict(Rank.choices), "省级领导", "市级领导", "县级领导", "县级以下干部")


@dataclass(frozen=True)
class Column:
    """A column: its two headings, and the words that it may hold, if they are few."""

    key: str
    zh: str
    words: tuple["Word", ...] = ()

    @property
    def headings(self) -> tuple[str, str]:
        """The headings that name this column, in small letters."""
        return self.zh, self.key


COLUMNS = (
    Column("number", "干部编号"),
    Column("village_code", "行政村代码"),
    Column("name", "姓名"),
    Column("id_number", "证件号码"),
    Column("sex", "性别", SEXES),
    Column("birth_date", "出生日期"),
    Column("phone", "联系电话"),
    Column("unit", "派出单位"),
    Column("unit_level", "单位级别", LEVELS),
    Column("post", "岗位", POSTS),
    Column("starts_on", "到任日期"),
    Column("due_on", "计划期满日期"),
    Column("last_day", "离任日期"),
    Column("end_reason", "离任原因", REASONS),
    Column("rank", "职级", RANKS),
    Column("party_member_since", "转正入党日期"),
    Column("working_since", "参加工作日期"),
    Column("account", "账号"),
)
BY_KEY = {column.key: column for column in COLUMNS}
REQUIRED = ("village_code", "name", "id_number", "post", "starts_on", "due_on")
"""Columns that a file must have."""

FILLED = ("village_code", "name", "post", "starts_on", "due_on")
"""Cells that every row must fill in."""


def texts(label: Any) -> set[str]:
    """A label as every language of the site writes it."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(str(label))
    return found


@cache
def by_text(words: tuple[Word, ...]) -> dict[str, str]:
    """What words mean: code, Chinese word, or label in any language."""
    found: dict[str, str] = {}
    for word in words:
        found |= dict.fromkeys({word.code, word.zh, *texts(word.label)}, word.code)
    return found


def one_of(words: tuple[Word, ...]) -> Rule:
    """A code of a list, from the code or the word in any language."""

    def rule(text: str) -> str:
        found = by_text(words).get(text)
        if found is None:
            raise BadCell("not_listed")
        return found

    return rule


def _unless_masked(rule: Rule) -> Rule:
    """A number of which stars hide a part stays text: it is held against the one on record."""
    return lambda text: text if STAR in text else rule(text)


def _whole_id(today: date) -> Rule:
    read = cells.id_number(today)

    def rule(text: str) -> Any:
        identity = read(text)
        if len(identity.number) != ID_LENGTH:
            raise BadCell("id_certificate")
        return identity

    return rule


def rules(*, today: date) -> dict[str, Rule]:
    """The rule of each column on the business date `today`."""
    past, any_day = cells.past_date(today), cells.past_date(date.max)
    own: dict[str, Rule] = {
        "number": cells.free_text(NUMBER_LENGTH),
        "village_code": cells.matched(cells.VILLAGE, "digits_12"),
        "id_number": _unless_masked(_whole_id(today)),
        "birth_date": past,
        "phone": _unless_masked(cells.matched(cells.PHONE, "phone")),
        "unit": cells.free_text(UNIT_LENGTH),
        "starts_on": past,
        "due_on": any_day,
        "last_day": any_day,
        "party_member_since": past,
        "working_since": past,
        "account": cells.free_text(ACCOUNT_LENGTH),
    }
    own |= {column.key: one_of(column.words) for column in COLUMNS if column.words}
    strict = {key: cells.half_width(rule) for key, rule in own.items()}
    return strict | {"name": cells.name, "unit": own["unit"]}


def read_headings(record: Sequence[str]) -> Layout:
    """The layout of a roster. Raises WrongHeadings when a column is missing or stands twice."""
    return layout_of(record, COLUMNS, REQUIRED)


def layout_of(record: Sequence[str], columns: Sequence[Column], required: Sequence[str]) -> Layout:
    """The layout of a file with these columns. Raises WrongHeadings.

    Case and surrounding blanks do not matter; the two columns of a report are passed over.
    """
    known = {heading: column for column in columns for heading in column.headings}
    places: dict[str, int] = {}
    unknown, twice = [], []
    for place, heading in enumerate(record):
        column = known.get(heading.strip().lower())
        if column is None:
            unknown += [heading.strip()] if heading.strip() not in (*REPORT_COLUMNS, "") else []
        elif column.key in places:
            twice.append(heading.strip())
        else:
            places[column.key] = place
    if twice:
        raise WrongHeadings("column_twice", twice)
    missing = [column for column in columns if column.key in required and column.key not in places]
    if missing:
        raise WrongHeadings("column_missing", [f"{one.zh} {one.key}" for one in missing])
    return Layout(tuple(record), places, tuple(unknown))


def is_chinese(language: str | None) -> bool:
    """Whether a file is for readers of Chinese."""
    return (language or "").startswith("zh")


def headings(language: str | None, columns: Sequence[Column] = COLUMNS) -> list[str]:
    """The headings of a file for readers of a language; both import alike."""
    return [column.zh if is_chinese(language) else column.key for column in columns]


def ordered(
    values: Mapping[str, str], language: str | None, columns: Sequence[Column] = COLUMNS
) -> list[str]:
    """Values by column as the cells of a row; codes of a list as words of the language."""
    cells = []
    for column in columns:
        value = values.get(column.key, "")
        word = next((one for one in column.words if one.code == value), None)
        cells.append(word.shown(language) if word else value)
    return cells
