"""Where the numbers begin that this registry gives: two that are kept alike give different ones."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from divisions.models import Division
from divisions.scope import NATION
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import record

SEQUENCES = ("households_household_number", "households_person_number")
MOST = 99_999_999
"""Household numbers end with eight digits."""


@transaction.atomic
def begin_numbers(first: int, *, by: Officer) -> None:
    """Let the next household and the next person get the number `first`, or the next free one.

    Raises NotAllowed for anybody but the operator; ValidationError for a number that is too large,
    or that lies below one that was given.
    """
    require(by, Role.OPERATOR)
    if not 1 <= first <= MOST:
        raise ValidationError(_("Give a number from 1 to 99999999."))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(last_value) FROM pg_sequences WHERE sequencename = ANY(%s)",
            [list(SEQUENCES)],
        )
        given = cursor.fetchone()[0]
        if given is not None and given >= first:
            raise ValidationError(
                _("Numbers up to %(given)s are given already. Begin above them."),
                params={"given": given},
            )
        for sequence in SEQUENCES:
            cursor.execute("SELECT setval(%s, %s, false)", [sequence, first])
    record(
        by=by,
        action="begin_numbers",
        subject=Division.objects.get(pk=NATION),
        after={"first": first},
    )
