"""What the database itself refuses, whoever asks."""

from django.db import migrations

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """A migration step after which rows of `table` can only be added."""
    return migrations.RunSQL(
        f"{REFUSE_CHANGE}"
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


def fixed_columns(table: str, *, free: tuple[str, ...], when: str = "true") -> migrations.RunSQL:
    """A migration step after which a row of `table` keeps all columns but the `free` ones.

    `when` is an SQL condition on OLD: rows that do not meet it stay editable. Rows are never
    deleted while it holds.
    """
    free_columns = ", ".join(f"'{column}'" for column in free)
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {table}_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT ({when}) THEN
                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
            END IF;
            IF TG_OP = 'DELETE' OR to_jsonb(OLD) - ARRAY[{free_columns}]::text[]
                    <> to_jsonb(NEW) - ARRAY[{free_columns}]::text[] THEN
                RAISE EXCEPTION '{table} is fixed: % is refused', TG_OP
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_fixed();
        CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_fixed ON {table};"
        f"DROP FUNCTION {table}_fixed();",
    )
