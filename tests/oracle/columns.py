"""The 41 columns of the template and the labels of their codes, copied from the contract."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CODES = Path(__file__).parents[1] / "data" / "codes.csv"


@dataclass(frozen=True)
class Column:
    """One column: `kind` says how a cell is read, `level` whose value it is."""

    zh: str
    name: str
    alias: str
    level: str
    kind: str


TABLE = """
行政村代码 village_code AAR006 household village
村民小组 group AAR007 household text
户编号 household_number AAC001 household number
人编号 person_number AAB001 person text
姓名 name AAB002 person name
证件号码 id_number AAB004 person id
无证件原因 no_id_reason - person code
与户主关系 relation AAB006 person code
性别 sex AAB003 person code
出生日期 birth_date AAB005 person date
民族 ethnicity AAB007 person code
文化程度 education AAB008 person code
在校生状况 in_school AAB009 person code
健康状况 health AAB017 person code
劳动技能 labour AAB010 person code
务工区域 work_place AAB011 person code
务工月数 work_months AAB012 person months
基本医疗保险 medical_insurance AAB013 person yes_no
大病保险 critical_illness_insurance AAB022 person yes_no
基本养老保险 pension_insurance AAB014 person yes_no
联系电话 phone AAR012 household phone
户属性 attribute AAC006 household code
脱贫属性 status AAR010 household code
脱贫年度 exit_year AAC016 household year
主要致贫原因 main_cause AAC007 household cause
其他致贫原因 other_causes AAC008 household causes
工资性收入 wage_income AAC073 year money
生产经营性收入 business_income AAC071 year money
财产性收入 property_income AAC072 year money
转移性收入 transfer_income AAC085 year money
生产经营性支出 business_expense AAC074 year money
人均纯收入 per_capita_net_income AAC082 check money
不愁吃 food - year guarantee
不愁穿 clothing - year guarantee
义务教育有保障 education_guarantee - year guarantee
基本医疗有保障 medical_guarantee - year guarantee
住房安全有保障 housing_guarantee - year guarantee
饮水安全有保障 water_guarantee - year guarantee
房屋等级 housing_grade AAC322 household code
减少原因 member_end_reason - person code
减少日期 member_end_date - person date
"""

COLUMNS = [Column(*line.split()) for line in TABLE.split("\n") if line]
BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = ["village_code", "household_number", "name", "relation"]
IGNORED = {"错误行", "错误"}
SURVEYED = [column.name for column in COLUMNS if column.level == "year"]
INCOMES = SURVEYED[:5]
GUARANTEES = SURVEYED[5:]
SHARED = [
    column.name
    for column in COLUMNS
    if column.level != "person" and column.name != "household_number"
]
HOUSEHOLD_CELLS = ["group", "phone", "attribute", "main_cause", "other_causes", "housing_grade"]
PERSON_CELLS = [column.name for column in COLUMNS if column.level == "person"]


def headers_of(column: Column) -> list[str]:
    """Every header that names the column."""
    return [text for text in (column.zh, column.name, column.alias) if text != "-"]


@cache
def codes(field: str) -> dict[str, tuple[str, str]]:
    """Code → its Chinese and its English label."""
    with CODES.open(encoding="utf-8-sig", newline="") as lines:
        return {
            row["code"]: (row["zh"], row["en"])
            for row in csv.DictReader(lines)
            if row["field"] == field
        }


def code_field(column: Column) -> str:
    """The field of codes.csv that a column's cells are read by."""
    return {"cause": "cause", "causes": "cause", "yes_no": "yes_no", "guarantee": "guarantee"}.get(
        column.kind, column.name
    )


def find_column(header: str) -> Column | None:
    """The column that a header names; case and surrounding blanks do not matter."""
    wanted = header.strip().lower()
    for column in COLUMNS:
        if wanted in [text.lower() for text in headers_of(column)]:
            return column
    return None
