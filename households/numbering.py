"""Person numbers that the system assigns: unique in the nation, never used again."""

from django.db import connection

from households.models import Member

DRAW = "SELECT nextval('households_person_number') FROM generate_series(1, %s)"


def next_person_numbers(count: int) -> list[str]:
    """`count` new person numbers, P and twelve digits, none of which any member ever had."""
    free: list[str] = []
    while len(free) < count:
        with connection.cursor() as cursor:
            cursor.execute(DRAW, [count - len(free)])
            drawn = [f"P{serial:012d}" for (serial,) in cursor.fetchall()]
        taken = Member.objects.filter(person_number__in=drawn)
        used = set(taken.values_list("person_number", flat=True))
        free += [number for number in drawn if number not in used]
    return free
