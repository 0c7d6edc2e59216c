"""The columns of the template of measures, and the rules of its cells."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from assistance.models import ItemStatus
from assistance.models.plans import SOURCE_NAMES
from assistance.rules.measures import Source
from households.importing import cells
from households.importing.cells import BadCell, Rule
from households.importing.template import Layout
from teams.importing.template import Column, layout_of, one_of, words_of

FIRST_YEAR = 2014
CONTENT_LENGTH, NAME_LENGTH, NUMBER_LENGTH = 200, 80, 36
SOURCES = words_of(
    {source: SOURCE_NAMES[source] for source in Source},
    "中央专项资金", "省级专项资金", "市级专项资金", "县级专项资金", "统筹整合资金", "行业部门资金",
    "东西部协作资金", "派出单位资金", "社会捐赠", "银行信贷", "村集体", "农户自筹",
)  # fmt: skip
SAID = (ItemStatus.AGREED, ItemStatus.ONGOING, ItemStatus.DONE, ItemStatus.STOPPED)
STATUSES = words_of({one: one.label for one in SAID}, "已批准", "实施中", "已完成", "已终止")
COLUMNS = (
    Column("item", "措施编号"),
    Column("household_number", "户编号"),
    Column("person_number", "人编号"),
    Column("year", "年度"),
    Column("measure", "帮扶措施"),
    Column("content", "具体内容"),
    Column("planned", "计划金额"),
    Column("funding", "资金来源", SOURCES),
    Column("starts_on", "开始日期"),
    Column("due_on", "到期日期"),
    Column("delivered", "落实金额"),
    Column("delivered_on", "落实日期"),
    Column("status", "状态", STATUSES),
)
REQUIRED = ("household_number", "year", "measure", "planned", "starts_on", "due_on")
"""Columns that a file must have, and cells that every row must fill in."""

EXAMPLES = (
    {"household_number": "9701231002000001", "year": "2020", "measure": "IND-OWN",
     "content": "种植中药材3亩", "planned": "3000", "funding": "county", "starts_on": "2020-03-01",
     "due_on": "2020-11-30"},
    {"household_number": "9701231002000001", "person_number": "9701231002000001-2", "year": "2020",
     "measure": "EDU-YULU", "planned": "3000", "funding": "province", "starts_on": "2020-03-01",
     "due_on": "2020-12-31", "delivered": "1500", "delivered_on": "2020-05-20",
     "status": "ongoing"},
    {"household_number": "9701231002000002", "person_number": "9701231002000002-1", "year": "2020",
     "measure": "HEA-DOCTOR", "planned": "0", "starts_on": "2020-01-01", "due_on": "2020-12-31",
     "delivered_on": "2020-04-08", "status": "done"},
)  # fmt: skip
"""Rows of households that do not exist: agreed, half delivered, a service that is done."""


def read_headings(record: Sequence[str]) -> Layout:
    """The layout of a file. Raises WrongHeadings when a column is missing or stands twice."""
    return layout_of(record, COLUMNS, REQUIRED)


def rules(*, today: date) -> dict[str, Rule]:
    """The rule of each column on the business date `today`; amounts become Decimal yuan."""
    any_day = cells.past_date(date.max)
    own: dict[str, Rule] = {
        "item": cells.free_text(NUMBER_LENGTH),
        "household_number": cells.matched(cells.HOUSEHOLD_NUMBER, "number_form"),
        "person_number": cells.free_text(cells.PERSON_NUMBER_LIMIT),
        "year": _year(today.year + 1),
        "measure": cells.free_text(NAME_LENGTH),
        "planned": _yuan,
        "starts_on": any_day,
        "due_on": any_day,
        "delivered": _yuan,
        "delivered_on": cells.past_date(today),
    }
    own |= {column.key: one_of(column.words) for column in COLUMNS if column.words}
    strict = {key: cells.half_width(rule) for key, rule in own.items()}
    return strict | {"content": cells.free_text(CONTENT_LENGTH), "measure": own["measure"]}


def _year(last: int) -> Rule:
    def rule(text: str) -> int:
        if not cells.YEAR.fullmatch(text):
            raise BadCell("year_form")
        if not FIRST_YEAR <= int(text) <= last:
            raise BadCell("year_range", first=FIRST_YEAR, last=last)
        return int(text)

    return rule


def _yuan(text: str) -> Decimal:
    return Decimal(cells.money(text)) / 100
