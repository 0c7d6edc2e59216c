"""Every fault that the contract names, put into a planned household, with where it must show."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.oracle.cells import check_character
from tests.oracle.columns import BY_NAME, SHARED
from tests.oracle.people import Draw, Plan


@dataclass
class Label:
    """The row and the columns, one of which the fault must be reported at."""

    row: dict[str, str]
    columns: tuple[str, ...]
    kind: str


BAD_CELLS: dict[str, list[str]] = {
    "village_code": [
        "",
        "97012310020",
        "9701231002000",
        "970123100",
        "970123100999",
        "970123000000",
        "９７０１２３１００２００",
        "东沟村",
        "970123100200.0",
    ],
    "household_number": ["", "A" * 21, "A_1", "户1", "A 1", "Ａ1", "1.0", "=1"],
    "person_number": ["Ｐ1", "p-１"],
    "name": [
        "",
        "名" * 51,
        "=1+1",
        "+张",
        "-李",
        "@王",
        "王\u200b五",
        "王\t五",
        "\ue000",
        "王\n五",
    ],
    "relation": ["", "1", "HEAD", "戶主", "00", "23", "户 主", "０１"],
    "no_id_reason": ["4", "new born", "0"],
    "sex": ["3", "9", "M", "Male", "男性", "０"],
    "birth_date": ["1990/01/02", "1990-02-30", "19900102", "2999-01-01", "1990-1-2", "90-01-02"],
    "ethnicity": ["1", "汉", "han", "57"],
    "education": ["7", "07", "大学"],
    "in_school": ["17", "1", "三年级"],
    "health": ["05", "良好"],
    "labour": ["06", "强"],
    "work_place": ["05", "县内"],
    "work_months": ["13", "-1", "1.5", "十二", "6个月", "６", "100"],
    "medical_insurance": ["9", "Y", "有", "true", "Yes", "不适用"],
    "critical_illness_insurance": ["2", "N", "未参保"],
    "pension_insurance": ["-1", "no ​"],
    "phone": ["1390000000", "139000000001", "1390000000a", "+8613900000", "１3900000000"],
    "group": ["３组", "Ａ组"],
    "attribute": ["1", "07", "贫困户"],
    "status": ["4", "-1", "00", "已脱贫", "poor household"],
    "exit_year": ["19", "20190", "二〇一八", "2999", "2018.0"],
    "main_cause": ["12", "因婚", "marriage", "13", "1", "病", "01,02"],
    "other_causes": ["01,02,03", "13", "01;02", "01，02，99"],
    "wage_income": ["-1", "1,200", "1.234", "123456789", "1e3", "１２００", "1200元", ".5", "5."],
    "business_income": ["+5", "NaN", "-0.01", "1 200", "¥5", "１"],
    "property_income": ["0.001", "100000000", "--", "0x10"],
    "transfer_income": ["٣", "1_000", "inf", "1200.555"],
    "business_expense": ["-3900", "-0", "1.2.3"],
    "per_capita_net_income": ["--1", "1.005", "约3000", "+1"],
    "food": ["N", "2", "Met", "合格", "yes"],
    "clothing": ["3", "是的"],
    "education_guarantee": ["no", "无"],
    "medical_guarantee": ["NA", "-"],
    "housing_guarantee": ["A", "not  met"],
    "water_guarantee": ["９", "n/a"],
    "housing_grade": ["a", "E", "Ａ", "A 级", "1"],
    "member_end_reason": ["11", "1", "去世"],
    "member_end_date": ["2999-12-31", "2019-13-01", "2019"],
}


def bad_cell(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """One cell that cannot be read, on any row."""
    name = draw.choice([name for name in columns if name in BAD_CELLS])
    row = draw.choice(plan.rows)
    row[name] = draw.choice(BAD_CELLS[name])
    return [Label(row, (name,), f"bad cell {row[name]!r}")]


def bad_id(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """An ID number with one thing wrong."""
    row = draw.choice(plan.rows)
    good = draw.id_number(draw.birth(), draw.choice("12"))
    wrong_digit = str((int(good[16]) + 1) % 10)
    row["id_number"] = draw.choice(
        [
            good[:16] + wrong_digit + good[17],
            good[:17],
            good + "1",
            good + "81",
            good + "45",
            good + "10",
            good + "11b1",
            good + "11B",
            good + "11中1",
            "X" + good[1:],
            dated("19651307"),
            dated("19000229"),
            dated("18991231"),
            dated("29990101"),
            dated("20190230"),
            "9.7012319650307E+17",
            "".join(chr(ord(digit) + 0xFEE0) for digit in good[:17]) + good[17],
            "无",
        ]
    )
    row.pop("birth_date", None)
    row.pop("sex", None)
    return [Label(row, ("id_number",), f"bad ID {row['id_number']}")]


def dated(day: str) -> str:
    """An ID with a right check digit whatever its date."""
    first17 = f"970123{day}001"
    return first17 + check_character(first17)


def wrong_head(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """No head, or two."""
    active = [row for row in plan.rows if not row.get("member_end_reason")]
    if len(active) > 1 and draw.often(0.5):
        active[1]["relation"] = "户主" if active[0]["relation"] != "户主" else "01"
    else:
        for row in plan.rows:
            row["relation"] = "99"
    return [Label(plan.rows[0], ("relation",), "heads")]


DIFFERENT = {
    "village_code": ["970123100200", "970123100201"],
    "group": ["一组", "二组"],
    "phone": ["13900000001", "13900000002"],
    "attribute": ["01", "低保户"],
    "status": ["0", "planned exit"],
    "exit_year": ["2014", "2015"],
    "main_cause": ["01", "因残"],
    "other_causes": ["01", "02"],
    "housing_grade": ["A", "B级"],
}


def differing(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """Two rows that disagree about a value of the household."""
    if len(plan.rows) < 2:
        return wrong_head(draw, plan, columns)
    name = draw.choice([name for name in columns if name in SHARED])
    if BY_NAME[name].kind == "money":
        pair = ["1200", "1200.01"]
    else:
        pair = list(DIFFERENT.get(name, ["1", "否"]))
    draw.shuffle(pair)
    for row, text in zip(draw.sample(plan.rows, 2), pair, strict=True):
        row[name] = text
    return [Label(plan.rows[0], (name,), "differ")]


def wrong_exit_year(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """Exited without a year, or a year without an exit."""
    if not {"status", "exit_year"} <= set(columns):
        return wrong_head(draw, plan, columns)
    for row in plan.rows:
        row["status"] = row["exit_year"] = ""
    if draw.often(0.5):
        plan.rows[-1]["status"] = draw.choice(["1", "返贫"])
    else:
        plan.rows[-1] |= {"status": draw.choice(["", "0", "预脱贫"]), "exit_year": "2014"}
    return [Label(plan.rows[0], ("exit_year", "status"), "exit year")]


def repeated_cause(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """The main cause among the other causes."""
    if not {"main_cause", "other_causes"} <= set(columns):
        return wrong_head(draw, plan, columns)
    for row in plan.rows:
        row["main_cause"] = row["other_causes"] = ""
    plan.rows[0]["main_cause"] = draw.choice(["01", "因病", "illness"])
    plan.rows[-1]["other_causes"] = draw.choice(["01", "02,因病", "因病，02"])
    return [Label(plan.rows[0], ("main_cause", "other_causes"), "cause repeated")]


def same_person_twice(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """A second row about a person of the household."""
    row = draw.choice(plan.rows)
    keys = ["id_number"] if row.get("id_number", "").strip() else ["name", "birth_date"]
    if row.get("person_number") and (draw.often(0.5) or not row.get(keys[-1])):
        keys = ["person_number"]
    if not all(row.get(key) for key in keys):
        return wrong_head(draw, plan, columns)
    twin = dict.fromkeys(row, "") | {key: row[key] for key in keys}
    twin |= {"relation": "99", "household_number": row["household_number"]}
    twin |= {"village_code": row["village_code"], "name": twin["name"] or "重复"}
    if keys != ["id_number"]:
        twin |= {"no_id_reason": "2", "sex": "1"}
        twin["birth_date"] = twin.get("birth_date") or "1980-05-06"
    plan.rows.append(twin)
    columns_at_fault = ("person_number", "id_number", "name", "birth_date")
    return [Label(plan.rows[0], columns_at_fault, f"one person twice by {keys}")]


def missing_without_id(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """A new person without an ID who lacks the reason, the sex or the birth date."""
    row = draw.choice(plan.rows)
    row["id_number"] = ""
    row |= {"no_id_reason": "3", "sex": "女", "birth_date": "1977-07-07"}
    name = draw.choice(["no_id_reason", "sex", "birth_date"])
    row[name] = ""
    return [Label(row, (name,), "needed without ID")]


def disagreement(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """A sex or a birth date that the ID contradicts."""
    row = draw.choice(plan.rows)
    born, sex = draw.birth(), draw.choice("12")
    row["id_number"] = draw.id_number(born, sex)
    row["sex"] = row["birth_date"] = row["no_id_reason"] = ""
    if draw.often(0.5):
        row["sex"] = "2" if sex == "1" else "男"
        return [Label(row, ("sex", "id_number"), "sex disagrees")]
    row["birth_date"] = "1929-12-31"
    return [Label(row, ("birth_date", "id_number"), "birth date disagrees")]


def half_an_end(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """A reason of the end without its date."""
    if "member_end_reason" not in columns:
        return disagreement(draw, plan, columns)
    row = draw.choice(plan.rows)
    row["member_end_reason"], row["member_end_date"] = draw.choice(["01", "婚出", "death"]), ""
    return [Label(row, ("member_end_reason", "member_end_date"), "end")]


def surplus(draw: Draw, plan: Plan, columns: list[str]) -> list[Label]:
    """A cell beyond the last header."""
    row = draw.choice(plan.rows)
    row["+"] = draw.choice(["1", "|看错列了", "0"])
    return [Label(row, ("*",), "surplus")]


def shared_person(draw: Draw, plan: Plan, other: Plan, columns: list[str]) -> list[Label]:
    """A person who stands in two households of the file."""
    row, twin = draw.choice(plan.rows), draw.choice(other.rows)
    columns_at_fault = ("person_number", "id_number")
    if "person_number" in columns and draw.often(0.4):
        row["person_number"] = twin["person_number"] = f"S{draw.mark}-{draw.next_serial()}"
    else:
        born, sex = draw.birth(), draw.choice("12")
        number = draw.id_number(born, sex)
        for one in (row, twin):
            one["sex"] = one["birth_date"] = one["no_id_reason"] = ""
        row["id_number"] = draw.choice([number, number.lower(), draw.certificate(number)])
        twin["id_number"] = draw.choice([number, number.lower(), draw.certificate(number)])
    return [
        Label(plan.rows[0], columns_at_fault, "shared"),
        Label(other.rows[0], columns_at_fault, "shared"),
    ]


Fault = Callable[[Draw, Plan, list[str]], list[Label]]
FAULTS: list[Fault] = [
    bad_cell,
    bad_cell,
    bad_cell,
    bad_cell,
    bad_id,
    bad_id,
    wrong_head,
    differing,
    differing,
    wrong_exit_year,
    repeated_cause,
    same_person_twice,
    missing_without_id,
    disagreement,
    half_an_end,
    surplus,
]


def break_some(draw: Draw, plans: list[Plan], columns: list[str], share: float) -> list[Label]:
    """Puts a fault into that share of the households, now and then two."""
    labels = []
    for plan in draw.sample(plans, round(len(plans) * share)):
        if draw.often(0.08) and len(plans) > 1:
            other = draw.choice([one for one in plans if one is not plan])
            labels += shared_person(draw, plan, other, columns)
        else:
            labels += draw.choice(FAULTS)(draw, plan, columns)
        if draw.often(0.05):
            labels += draw.choice(FAULTS)(draw, plan, columns)
    return labels
