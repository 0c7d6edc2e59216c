"""The 41 columns of the register template, and the headings by which a file names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from households.importing import cells
from households.importing.cells import Rule


class Level(Enum):
    """What a value speaks of. Repeated household and yearly values must agree."""

    PERSON = "person"
    HOUSEHOLD = "household"
    YEAR = "household-year"


@dataclass(frozen=True)
class Column:
    key: str
    zh: str
    alias: str
    level: Level
    codes: str = ""

    def headings(self) -> tuple[str, ...]:
        """The headings that name this column, in small letters."""
        return tuple(text.lower() for text in (self.zh, self.key, self.alias) if text)


P, H, Y = Level.PERSON, Level.HOUSEHOLD, Level.YEAR
COLUMNS = (
    Column("village_code", "行政村代码", "AAR006", H),
    Column("group", "村民小组", "AAR007", H),
    Column("household_number", "户编号", "AAC001", H),
    Column("person_number", "人编号", "AAB001", P),
    Column("name", "姓名", "AAB002", P),
    Column("id_number", "证件号码", "AAB004", P),
    Column("no_id_reason", "无证件原因", "", P, "no_id_reason"),
    Column("relation", "与户主关系", "AAB006", P, "relation"),
    Column("sex", "性别", "AAB003", P, "sex"),
    Column("birth_date", "出生日期", "AAB005", P),
    Column("ethnicity", "民族", "AAB007", P, "ethnicity"),
    Column("education", "文化程度", "AAB008", P, "education"),
    Column("in_school", "在校生状况", "AAB009", P, "in_school"),
    Column("health", "健康状况", "AAB017", P, "health"),
    Column("labour", "劳动技能", "AAB010", P, "labour"),
    Column("work_place", "务工区域", "AAB011", P, "work_place"),
    Column("work_months", "务工月数", "AAB012", P),
    Column("medical_insurance", "基本医疗保险", "AAB013", P, "yes_no"),
    Column("critical_illness_insurance", "大病保险", "AAB022", P, "yes_no"),
    Column("pension_insurance", "基本养老保险", "AAB014", P, "yes_no"),
    Column("phone", "联系电话", "AAR012", H),
    Column("attribute", "户属性", "AAC006", H, "attribute"),
    Column("status", "脱贫属性", "AAR010", H, "status"),
    Column("exit_year", "脱贫年度", "AAC016", H),
    Column("main_cause", "主要致贫原因", "AAC007", H, "cause"),
    Column("other_causes", "其他致贫原因", "AAC008", H, "cause"),
    Column("wage_income", "工资性收入", "AAC073", Y),
    Column("business_income", "生产经营性收入", "AAC071", Y),
    Column("property_income", "财产性收入", "AAC072", Y),
    Column("transfer_income", "转移性收入", "AAC085", Y),
    Column("business_expense", "生产经营性支出", "AAC074", Y),
    Column("per_capita_net_income", "人均纯收入", "AAC082", Y),
    Column("food", "不愁吃", "", Y, "guarantee"),
    Column("clothing", "不愁穿", "", Y, "guarantee"),
    Column("education_guarantee", "义务教育有保障", "", Y, "guarantee"),
    Column("medical_guarantee", "基本医疗有保障", "", Y, "guarantee"),
    Column("housing_guarantee", "住房安全有保障", "", Y, "guarantee"),
    Column("water_guarantee", "饮水安全有保障", "", Y, "guarantee"),
    Column("housing_grade", "房屋等级", "AAC322", H, "housing_grade"),
    Column("member_end_reason", "减少原因", "", P, "member_end_reason"),
    Column("member_end_date", "减少日期", "", P),
)
BY_KEY = {column.key: column for column in COLUMNS}
BY_HEADING = {heading: column for column in COLUMNS for heading in column.headings()}
REQUIRED = ("village_code", "household_number", "name", "relation")
REPORT_COLUMNS = ("错误行", "错误")

PERSON_KEYS = tuple(column.key for column in COLUMNS if column.level is P)
HOUSEHOLD_KEYS = tuple(column.key for column in COLUMNS if column.level is H)
MONEY_KEYS = tuple(column.key for column in COLUMNS[26:31])
GUARANTEE_KEYS = tuple(column.key for column in COLUMNS[32:38])
SURVEY_KEYS = (*MONEY_KEYS, *GUARANTEE_KEYS)
"""The eleven household-year cells that form a survey."""

SURVEY_FIELDS = {key: key.removesuffix("_guarantee") for key in SURVEY_KEYS}
"""Column → field of the survey."""


def rules(*, today: date, year: int) -> dict[str, Rule]:
    """The rule of each column for a file of `year`, judged on the business date `today`."""
    coded = {column.key: cells.listed(column.codes) for column in COLUMNS if column.codes}
    own = {
        "village_code": cells.matched(cells.VILLAGE, "digits_12"),
        "group": cells.free_text(cells.GROUP_LIMIT),
        "household_number": cells.matched(cells.HOUSEHOLD_NUMBER, "number_form"),
        "person_number": cells.free_text(cells.PERSON_NUMBER_LIMIT),
        "id_number": cells.id_number(today),
        "birth_date": cells.past_date(today),
        "member_end_date": cells.past_date(today),
        "in_school": cells.in_school,
        "work_months": cells.months,
        "phone": cells.matched(cells.PHONE, "phone"),
        "status": cells.number_of("status"),
        "exit_year": cells.exit_year(year),
        "main_cause": cells.main_cause,
        "other_causes": cells.other_causes,
        "per_capita_net_income": cells.signed_money,
    }
    own |= {key: cells.yes_no for key in PERSON_KEYS if key.endswith("_insurance")}
    own |= dict.fromkeys(MONEY_KEYS, cells.money)
    own |= {key: cells.number_of("guarantee") for key in GUARANTEE_KEYS}
    strict = {key: cells.half_width(rule) for key, rule in (coded | own).items()}
    return strict | {"name": cells.name}


class WrongHeadings(ValueError):
    """The headings do not fit the template; `code` and `columns` say how."""

    def __init__(self, code: str, columns: Sequence[str]):
        super().__init__(code)
        self.code = code
        self.columns = list(columns)


@dataclass(frozen=True)
class Layout:
    """Where a file has which column, as its first record says."""

    headings: tuple[str, ...]
    places: dict[str, int]
    unknown: tuple[str, ...]

    def heading(self, key: str) -> str:
        """The file's own word for a column; its English name when the file lacks it."""
        place = self.places.get(key)
        return key if place is None else self.headings[place].strip()

    @property
    def own_places(self) -> list[int]:
        """The places of the columns that a report repeats: all but those of an earlier report."""
        return [
            place
            for place, heading in enumerate(self.headings)
            if heading.strip() not in REPORT_COLUMNS
        ]


def read_headings(record: Sequence[str]) -> Layout:
    """The layout of a file. Raises WrongHeadings when a required column is missing or one is twice.

    Case and surrounding blanks do not matter; the two columns of an error report are passed over.
    """
    places: dict[str, int] = {}
    unknown, twice = [], []
    for place, heading in enumerate(record):
        column = BY_HEADING.get(heading.strip().lower())
        if column is None:
            unknown += [] if heading.strip() in REPORT_COLUMNS else [heading.strip()]
        elif column.key in places:
            twice.append(heading.strip())
        else:
            places[column.key] = place
    if twice:
        raise WrongHeadings("column_twice", twice)
    missing = [f"{BY_KEY[key].zh} {key}" for key in REQUIRED if key not in places]
    if missing:
        raise WrongHeadings("column_missing", missing)
    return Layout(tuple(record), places, tuple(unknown))
