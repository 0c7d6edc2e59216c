"""Random but repeatable households: names, ID numbers, amounts to the fen, codes."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.oracle.cells import check_character
from tests.oracle.columns import GUARANTEES, INCOMES, codes

SURNAMES = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕")
GIVEN = list("伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚桂英华文建国玉兰小红海燕春梅山石花")
STRANGE_NAMES = [
    "娜仁·其木格",
    "买买提·吐尔逊",
    "𠮷𠀀",
    "㐂䶮",
    "Ａli２",
    "O'Brien",
    "王,小二",
    '张"三"',
    "欧阳 建国",
    "1号",
    "·",
    "名" * 50,
    "李=",
]
SIZES = [1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6, 7]
RELATIONS = ["02", "03", "04", "05", "06", "07", "08", "11", "12", "21", "22", "99"]
GROUPS = ["一组", "二组", "3组", "东头, 西边", "Group 4"]


@dataclass
class Plan:
    """One household of a file: its rows as column name → text; codes, not labels."""

    number: str
    rows: list[dict[str, str]] = field(default_factory=list)


class Draw(random.Random):
    """A source of chance whose ID numbers and household numbers never repeat, per seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.mark = seed % 90_000
        self.serial = 0
        self.used: set[str] = set()

    def often(self, share: float) -> bool:
        return self.random() < share

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def birth(self, first: date = date(1930, 1, 1), last: date = date(2018, 12, 31)) -> date:
        return first + timedelta(days=self.randrange((last - first).days + 1))

    def id_number(self, born: date, sex: str) -> str:
        """A valid 18-character number that this seed has not given before."""
        while True:
            sequence = self.randrange(500) * 2 + (1 if sex == "1" else 0)
            first17 = f"{100_000 + self.mark}{born:%Y%m%d}{sequence:03d}"
            if first17 not in self.used:
                self.used.add(first17)
                return first17 + check_character(first17)
            born += timedelta(days=1) if born < date(2018, 1, 1) else timedelta(days=-900)

    def certificate(self, id_number: str) -> str:
        """20 or 22 characters about the person of an ID number."""
        text = id_number + self.choice("1234567") + self.choice("1234")
        return text + self.choice(["", "B1", "00", "ZZ"])

    def name(self) -> str:
        if self.often(0.06):
            return self.choice(STRANGE_NAMES)
        return self.choice(SURNAMES) + "".join(self.choices(GIVEN, k=self.choice([1, 2, 2])))

    def code(self, field_name: str) -> str:
        return self.choice(list(codes(field_name)))


def make_plan(draw: Draw, villages: list[str], year: int, lines: tuple[int, int]) -> Plan:
    """A sound new household; its shared values stand on the first row."""
    number = f"{draw.mark}-{draw.next_serial():05d}" + draw.choice(["", "a", "-Z", "0000"])
    plan = Plan(number)
    village = draw.choice(villages)
    for place in range(draw.choice(SIZES)):
        relation = "01" if place == 0 else draw.choice(RELATIONS)
        plan.rows.append(make_person(draw, relation, {row["name"] for row in plan.rows}))
    if draw.often(0.05):
        ended = make_person(draw, draw.choice(["01", "02", "11"]), {"名"})
        ended |= end_cells(draw)
        plan.rows.append(ended)
    for row in plan.rows:
        row |= {"village_code": village, "household_number": number}
    persons = sum("member_end_reason" not in row for row in plan.rows)
    plan.rows[0] |= make_household(draw, year) | make_survey(draw, persons, lines)
    return plan


def end_cells(draw: Draw) -> dict[str, str]:
    return {
        "member_end_reason": draw.code("member_end_reason"),
        "member_end_date": draw.birth(date(2015, 1, 1), date(2019, 12, 31)).isoformat(),
    }


def make_person(draw: Draw, relation: str, taken: set[str]) -> dict[str, str]:
    name = draw.name()
    while name in taken:
        name = draw.name()
    sex, born = draw.choice("12"), draw.birth()
    row = {"name": name, "relation": relation}
    if draw.often(0.12):
        row |= {"no_id_reason": draw.code("no_id_reason"), "sex": sex}
        row["birth_date"] = born.isoformat()
    else:
        row |= make_identity(draw, born, sex)
    if draw.often(0.4):
        row["person_number"] = f"P{draw.mark}-{draw.next_serial()}"
    for field_name in ("ethnicity", "education", "in_school", "health", "labour", "work_place"):
        if draw.often(0.25):
            row[field_name] = draw.code(field_name)
    for field_name in ("medical_insurance", "critical_illness_insurance", "pension_insurance"):
        if draw.often(0.4):
            row[field_name] = draw.code("yes_no")
    if draw.often(0.3):
        row["work_months"] = str(draw.randrange(13))
    return row


def make_identity(draw: Draw, born: date, sex: str) -> dict[str, str]:
    """An ID number or certificate, now and then with what it says beside it."""
    number = draw.id_number(born, sex)
    row = {"id_number": number}
    if draw.often(0.2):
        row["birth_date"] = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    if draw.often(0.2):
        row["sex"] = sex
    if draw.often(0.08):
        row["id_number"] = draw.certificate(number)
    if draw.often(0.3):
        row["id_number"] = row["id_number"][:18].lower() + row["id_number"][18:]
    if draw.often(0.02):
        row["no_id_reason"] = "2"
    return row


def make_household(draw: Draw, year: int) -> dict[str, str]:
    status = draw.choice(["0", "0", "1", "1", "2", "3", "", "", ""])
    cells = {"status": status}
    if status in ("1", "3"):
        cells["exit_year"] = str(draw.randrange(2014, year + 1))
    if draw.often(0.3):
        cells["group"] = draw.choice(GROUPS)
    if draw.often(0.3):
        cells["phone"] = f"139{draw.randrange(10**8):08d}"
    if draw.often(0.6):
        cells["attribute"] = draw.code("attribute")
    if draw.often(0.6):
        cells["main_cause"] = draw.choice([code for code in codes("cause") if code != "12"])
    if draw.often(0.3):
        others = [code for code in codes("cause") if code != cells.get("main_cause")]
        cells["other_causes"] = draw.choice([",", "，"]).join(
            draw.sample(others, draw.choice([1, 2]))
        )
    if draw.often(0.5):
        cells["housing_grade"] = draw.code("housing_grade")
    return cells


def make_survey(draw: Draw, persons: int, lines: tuple[int, int]) -> dict[str, str]:
    """Eleven cells: usually complete, often at a threshold to the fen, sometimes with gaps."""
    style = draw.random()
    if style < 0.08:
        return {}
    cells = make_amounts(draw, threshold(draw, persons, lines))
    cells |= dict.fromkeys(GUARANTEES, "1")
    if draw.often(0.3):
        cells |= {name: draw.choice("0119") for name in draw.sample(GUARANTEES, 2)}
    if style < 0.2:
        for name in draw.sample(INCOMES + GUARANTEES, draw.choice([1, 2, 5, 10])):
            cells.pop(name)
    elif draw.often(0.1):
        cells["per_capita_net_income"] = draw.choice(["-12.5", "3218", "0.01", "-0"])
    return cells


def threshold(draw: Draw, persons: int, lines: tuple[int, int]) -> int:
    """A net income in fen: a line to the fen, zero, a loss, or anything."""
    if draw.often(0.5):
        return draw.choice(lines) * persons + draw.choice([-1, 0, 1])
    if draw.often(0.1):
        return draw.choice([0, -1, -12_345, 1])
    return draw.randrange(-100_000, 1_500_000) * persons


def make_amounts(draw: Draw, net: int) -> dict[str, str]:
    """Five amounts that come to the net income."""
    parts = [draw.choice([0, draw.randrange(800_000)]) for _ in range(4)]
    wage, expense = net - sum(parts[:3]) + parts[3], parts[3]
    if wage < 0:
        wage, expense = 0, expense - wage
    fen = dict(zip(INCOMES, [wage, *parts[:3], expense], strict=True))
    return {name: write_fen(draw, amount) for name, amount in fen.items()}


def write_fen(draw: Draw, amount: int) -> str:
    """1200 is also 1200.0 and 1200.00."""
    yuan, fen = divmod(amount, 100)
    forms = [f"{yuan}.{fen:02d}"]
    if fen % 10 == 0:
        forms.append(f"{yuan}.{fen // 10}")
    if fen == 0:
        forms += [str(yuan), f"0{yuan}" if yuan < 10**7 else str(yuan)]
    return draw.choice(forms)
