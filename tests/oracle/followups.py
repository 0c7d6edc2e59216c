"""A second file about households that are known: what changes, stays, ends, joins and collides."""

from collections.abc import Callable

from tests.oracle.columns import GUARANTEES, INCOMES
from tests.oracle.faults import Label
from tests.oracle.people import Draw, Plan, end_cells, make_person, make_survey, write_fen
from tests.oracle.world import Household, Member, Register

Lines = tuple[int, int]


def make_followup(draw: Draw, home: Household, year: int, lines: Lines) -> Plan:
    """A sound file of a known household: mostly what is on record, some of it changed."""
    plan = Plan(home.number)
    for member in home.active():
        plan.rows.append(known_row(draw, home, member))
    if not plan.rows:
        return plan
    for change in draw.sample(CHANGES, draw.choice([0, 1, 2, 3])):
        change(draw, home, plan)
    plan.rows[0] |= followup_survey(draw, home, year, lines)
    return plan


def known_row(draw: Draw, home: Household, member: Member) -> dict[str, str]:
    """The required cells and one or more keys of a known person."""
    row = {"village_code": home.village, "household_number": home.number}
    row |= {"name": member.name, "relation": member.relation}
    keys = {"person_number": member.person_number, "id_number": member.id_number}
    keys = {name: text for name, text in keys.items() if text}
    if not keys or draw.often(0.2):
        row["birth_date"] = member.birth_date.isoformat() if member.birth_date else ""
        return row
    for name in draw.sample(list(keys), draw.randrange(1, len(keys) + 1)):
        row[name] = keys[name]
    return row


def followup_survey(draw: Draw, home: Household, year: int, lines: Lines) -> dict[str, str]:
    """The same facts again, some of them changed, others, or none."""
    surveys = home.surveys.get(year)
    if not surveys or draw.often(0.2):
        return make_survey(draw, len(home.active()), lines)
    if draw.often(0.2):
        return {}
    facts = surveys[-1].facts
    cells = {name: write_fen(draw, facts[name]) for name in INCOMES if facts[name] is not None}
    cells |= {name: str(facts[name]) for name in GUARANTEES if facts[name] is not None}
    if draw.often(0.3):
        cells.pop(draw.choice(list(cells)))
    if draw.often(0.3):
        cells[draw.choice(INCOMES)] = write_fen(draw, draw.randrange(10**6))
    return cells


def change_cells(draw: Draw, home: Household, plan: Plan) -> None:
    """New values of some cells."""
    plan.rows[0] |= {"phone": f"137{draw.randrange(10**8):08d}", "group": "九组"}
    row = draw.choice(plan.rows)
    row |= {"health": draw.code("health"), "education": draw.code("education")}
    row |= {"work_months": str(draw.randrange(13)), "pension_insurance": draw.code("yes_no")}
    row["in_school"] = draw.code("in_school")
    if draw.often(0.5):
        plan.rows[0] |= {"main_cause": "05", "other_causes": "12,99", "housing_grade": "B"}


def say_status(draw: Draw, home: Household, plan: Plan) -> None:
    """The recorded state, or another one, which does not move it."""
    status = (
        str(home.state) if home.state in (0, 1, 2, 3) and draw.often(0.5) else draw.choice("02")
    )
    plan.rows[0]["status"] = status
    if status in "13" and home.exit_year:
        plan.rows[0]["exit_year"] = str(home.exit_year)


def join(draw: Draw, home: Household, plan: Plan) -> None:
    taken = {member.name for member in home.members}
    row = make_person(draw, draw.choice(["03", "04", "07"]), taken)
    plan.rows.append(
        row | {name: plan.rows[0][name] for name in ("village_code", "household_number")}
    )


def end(draw: Draw, home: Household, plan: Plan) -> None:
    """Ends a member; the next one takes over from a head."""
    if len(plan.rows) < 2:
        return
    row = draw.choice(plan.rows)
    row |= end_cells(draw)
    if row["relation"] == "01":
        heir = next(one for one in plan.rows if one is not row)
        heir["relation"] = "01"


def change_head(draw: Draw, home: Household, plan: Plan) -> None:
    others = [row for row in plan.rows if row["relation"] != "01"]
    heads = [row for row in plan.rows if row["relation"] == "01"]
    if others and heads:
        draw.choice(others)["relation"] = "01"
        heads[0]["relation"] = "99"


def leave_out(draw: Draw, home: Household, plan: Plan) -> None:
    """A member who is not in the file stays."""
    if len(plan.rows) > 1:
        plan.rows.remove(draw.choice(plan.rows))


def rename(draw: Draw, home: Household, plan: Plan) -> None:
    row = draw.choice(plan.rows)
    if row.get("person_number") or row.get("id_number"):
        row["name"] = f"改{draw.name()}"[:50]


def new_id(draw: Draw, home: Household, plan: Plan) -> None:
    """A first ID, met by name and birth date; or a certificate of the same person."""
    for row in plan.rows:
        member = next((one for one in home.active() if one.name == row["name"]), None)
        if member is None or member.birth_date is None:
            continue
        if not member.id_number:
            row["birth_date"] = member.birth_date.isoformat()
            number = draw.id_number(member.birth_date, member.sex)
            if number[6:14] == f"{member.birth_date:%Y%m%d}":
                row["id_number"] = number
            return
        if row.get("id_number") and draw.often(0.3):
            row["id_number"] = draw.certificate(member.id_number[:18])
            return


def say_end_again(draw: Draw, home: Household, plan: Plan) -> None:
    """A row of a member who has ended, with the end on record."""
    for member in home.members:
        if not member.active and member.end_date and member.id_number:
            row = known_row(draw, home, member) | {"id_number": member.id_number}
            row["member_end_reason"] = member.end_reason
            row["member_end_date"] = member.end_date.isoformat()
            plan.rows.append(row)
            return


Change = Callable[[Draw, Household, Plan], None]
CHANGES: list[Change] = [
    change_cells,
    say_status,
    join,
    end,
    change_head,
    leave_out,
    rename,
    new_id,
    say_end_again,
]


def moved_village(draw: Draw, plan: Plan, villages: list[str]) -> list[Label]:
    """A known household under another village."""
    village = draw.choice([code for code in villages if code != plan.rows[0]["village_code"]])
    for row in plan.rows:
        row["village_code"] = village
    return [Label(plan.rows[0], ("village_code",), "moved")]


def person_of_another(draw: Draw, plan: Plan, other: Household) -> list[Label]:
    """A person active in a household that is not in the file."""
    person = draw.choice(other.active())
    row = draw.choice(plan.rows)
    for name in ("person_number", "sex", "birth_date", "no_id_reason"):
        row.pop(name, None)
    if person.id_number and (draw.often(0.6) or not person.person_number):
        row["id_number"] = person.id_number
    elif person.person_number:
        row.pop("id_number", None)
        row["person_number"] = person.person_number
    else:
        return []
    return [Label(plan.rows[0], ("person_number", "id_number"), "active elsewhere")]


def two_persons(draw: Draw, plan: Plan, home: Household) -> list[Label]:
    """The number of one member beside the ID of another."""
    numbered = [member for member in home.active() if member.person_number]
    identified = [member for member in home.active() if member.id_number]
    pairs = [(one, two) for one in numbered for two in identified if one is not two]
    if not pairs:
        return []
    one, two = draw.choice(pairs)
    plan.rows[:] = [known_row(draw, home, member) for member in home.active() if member is not two]
    row = next(row for row in plan.rows if row["name"] == one.name)
    row |= {"person_number": one.person_number, "id_number": two.id_number}
    return [Label(plan.rows[0], ("person_number", "id_number"), "two persons")]


def named_differently(draw: Draw, plan: Plan, register: Register) -> list[Label]:
    """A known person by number in his own household, by ID in this one, both in the file."""
    for home in register.households.values():
        for member in home.members:
            if member.id_number and member.person_number and home.number != plan.number:
                own = {"household_number": home.number, "village_code": home.village}
                own |= {"person_number": member.person_number, "name": member.name}
                other = {name: plan.rows[0][name] for name in ("village_code", "household_number")}
                other |= {"id_number": member.id_number, "name": member.name, "relation": "99"}
                plan.rows += [own | {"relation": member.relation}, other]
                return [Label(plan.rows[0], ("person_number", "id_number"), "shared")]
    return []


def join_from_elsewhere(draw: Draw, plan: Plan, register: Register) -> bool:
    """A person whose membership of another household has ended joins this one."""
    active = {one.person for home in register.households.values() for one in home.active()}
    for home in register.households.values():
        for member in home.members:
            if member.id_number and member.person not in active and home.number != plan.number:
                row = {name: plan.rows[0][name] for name in ("village_code", "household_number")}
                row |= {"name": member.name, "relation": "99", "id_number": member.id_number}
                plan.rows.append(row)
                return True
    return False
