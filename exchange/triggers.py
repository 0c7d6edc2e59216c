"""The triggers that fill the change log: whatever writes a fed table, by whatever statement.

They run once for a statement and see its rows as tables, so that COPY, `bulk_create`, `update` and
raw SQL are caught alike and a bulk write stays one. Every look-up is a subquery by a key: the plan
of a trigger is kept for its session, and one that was made for few rows must do for many.
"""

from collections.abc import Iterator, Mapping

from django.db import migrations

from exchange.models.feed import Kind

HOUSEHOLD, CASE, PLAN, TEAM = (int(kind) for kind in Kind)
INSERT, UPDATE, DELETE = "insert", "update", "delete"
SELECT, UNION = "SELECT", " UNION "
ROWS = {INSERT: ("new_rows",), UPDATE: ("new_rows", "old_rows"), DELETE: ("old_rows",)}
REFERENCING = {
    INSERT: "REFERENCING NEW TABLE AS new_rows",
    UPDATE: "REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows",
    DELETE: "REFERENCING OLD TABLE AS old_rows",
}
PER_SURVEY = "(SELECT household_id FROM households_survey survey WHERE survey.id = part.survey_id)"
PER_ITEM = "(SELECT plan_id FROM assistance_item item WHERE item.id = part.item_id)"
PER_VILLAGE = "part.village_id::bigint"
"""What a row `part` of a fed table belongs to; nothing where the owner was deleted before it."""

THINGS: Mapping[str, tuple[int, str, str]] = {
    "households_household": (HOUSEHOLD, "village_code", "number"),
    "workflow_case": (CASE, "division_id", "id::text"),
    "assistance_plan": (PLAN, "village_id", "uuid::text"),
}
"""Tables whose rows have documents: kind, the column of their place, their key to others."""

PARTS: Mapping[str, tuple[int, str]] = {
    "households_member": (HOUSEHOLD, "part.household_id"),
    "households_survey": (HOUSEHOLD, "part.household_id"),
    "households_incomeline": (HOUSEHOLD, PER_SURVEY),
    "households_livingconditions": (HOUSEHOLD, PER_SURVEY),
    "households_surveynote": (HOUSEHOLD, PER_SURVEY),
    "workflow_caseevent": (CASE, "part.case_id"),
    "assistance_item": (PLAN, "part.plan_id"),
    "assistance_delivery": (PLAN, PER_ITEM),
    "assistance_instalment": (PLAN, PER_ITEM),
    "teams_term": (TEAM, PER_VILLAGE),
    "teams_teamvillage": (TEAM, PER_VILLAGE),
}
"""Tables whose rows are parts of documents: kind, and what each row belongs to."""

NAMED: Mapping[str, tuple[str, tuple[tuple[int, str], ...]]] = {
    "households_household": (
        "number, withdrawn_at IS NULL",
        ((PLAN, "SELECT id FROM assistance_plan WHERE household_id = changed.id"),),
    ),
    "households_member": (
        "person_number, name",
        ((PLAN, "SELECT plan_id FROM assistance_item WHERE member_id = changed.id"),),
    ),
    "teams_cadre": (
        "number, name",
        (
            (TEAM, "SELECT village_id::bigint FROM teams_term WHERE cadre_id = changed.id"),
            (PLAN, "SELECT id FROM assistance_plan WHERE helper_id = changed.id"),
            (PLAN, "SELECT plan_id FROM assistance_item WHERE responsible_id = changed.id"),
        ),
    ),
    "teams_unit": (
        "name, level, kind",
        ((TEAM, "SELECT village_id::bigint FROM teams_term WHERE unit_id = changed.id"),),
    ),
}
"""Tables whose rows are named in the documents of others: by which columns, and in which."""

FED = tuple(dict.fromkeys([*THINGS, *PARTS, *NAMED]))

TRUNCATED = migrations.RunSQL(
    """
    CREATE FUNCTION feed_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE exchange_feedepoch SET marker = gen_random_uuid(), renewed_at = now();
        RETURN NULL;
    END $$;
    """,
    "DROP FUNCTION feed_truncated();",
)
"""Nothing says what a TRUNCATE took: whoever reads the log begins anew."""


def fed(*tables: str) -> migrations.RunSQL:
    """A migration step after which these tables fill the log."""
    drops = [f"DROP TRIGGER {name} ON {table};" for table in tables for name in names_of(table)]
    drops += [f"DROP FUNCTION feed_{table}_{one}();" for table in tables for one in events(table)]
    return migrations.RunSQL("".join(map(_of_table, tables)), "".join(drops))


def events(table: str) -> tuple[str, ...]:
    """The events of a table that its log entries come from."""
    return tuple(ROWS) if table in THINGS or table in PARTS else (UPDATE,)


def names_of(table: str) -> list[str]:
    """The names of the triggers of a table."""
    return [f"feed_{event}" for event in (*events(table), "truncate")]


def _of_table(table: str) -> str:
    """Functions and triggers of one table."""
    made = [_of_event(table, event) for event in events(table)]
    return (
        "".join(made) + f"CREATE TRIGGER feed_truncate AFTER TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION feed_truncated();"
    )


def _of_event(table: str, event: str) -> str:
    body = "".join(f"{statement};\n" for statement in _statements(table, event))
    return f"""
        CREATE FUNCTION feed_{table}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {body}
            RETURN NULL;
        END $$;
        CREATE TRIGGER feed_{event} AFTER {event} ON {table} {REFERENCING[event]}
            FOR EACH STATEMENT EXECUTE FUNCTION feed_{table}_{event}();
    """


def _statements(table: str, event: str) -> Iterator[str]:
    if table in THINGS:
        yield from _of_thing(*THINGS[table], event)
    if table in PARTS:
        yield _of_part(*PARTS[table], event)
    if table in NAMED and event == UPDATE:
        yield from _of_names(*NAMED[table])


def _of_thing(kind: int, place: str, key: str, event: str) -> Iterator[str]:
    """Each row that is there, and each that left its place or its key."""
    if event != DELETE:
        yield _logged("kind, subject", f"{kind}, id FROM new_rows")
    if event != INSERT:
        still = f"EXCEPT {SELECT} id, {place}, {key} FROM new_rows" if event == UPDATE else ""
        gone = f"({SELECT} id, {place}, {key} FROM old_rows {still}) gone (id, place, key)"
        columns = "kind, subject, left_division, left_key"
        yield _logged(columns, f"{kind}, id, place, key FROM {gone}")


def _of_part(kind: int, owner: str, event: str) -> str:
    """What the rows belong to, and what they belonged to."""
    owners = UNION.join(f"{SELECT} {owner} FROM {rows} part" for rows in ROWS[event])
    found = f"{kind}, owner FROM ({owners}) parts (owner) WHERE owner IS NOT NULL"
    return _logged("kind, subject", found if UNION in owners else f"DISTINCT {found}")


def _of_names(columns: str, named: tuple[tuple[int, str], ...]) -> Iterator[str]:
    """What names a row of which one of the columns changed."""
    before, now = (f"{SELECT} id, {columns} FROM {rows}" for rows in ("old_rows", "new_rows"))
    for kind, look_up in named:
        found = f"DISTINCT {kind}, unnest(ARRAY({look_up})) FROM ({before} EXCEPT {now}) changed"
        yield _logged("kind, subject", found)


def _logged(columns: str, rows: str) -> str:
    return f"INSERT INTO exchange_feed ({columns}) {SELECT} {rows} ON CONFLICT DO NOTHING"
