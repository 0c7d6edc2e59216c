"""What keeps the demonstration, whose password is published, out of a database in real use."""

from django.db import connection
from django.utils.translation import gettext as _

from divisions.scope import in_range
from households.models import Household
from officers.models import Officer
from registry.demo.accounts import DEMO_ACCOUNTS
from registry.demo.places import PROVINCE
from trail.errors import Refused

OPERATOR = "operator"


def refuse_foreign() -> None:
    """Refused when this database holds a household outside province 97, or officers of its own.

    Officers beside the operator belong to a demonstration where all its accounts are there. A
    database without tables is empty. Writes nothing.
    """
    if Household._meta.db_table not in connection.introspection.table_names():
        return
    names = set(Officer.objects.exclude(username=OPERATOR).values_list("username", flat=True))
    own_officers = names and not names >= {account.username for account in DEMO_ACCOUNTS}
    if own_officers or Household.everywhere.exclude(in_range("village_id", PROVINCE)).exists():
        raise Refused(
            _(
                "This database holds households or officers that are none of the demonstration. "
                "Give the demonstration a database of its own: check DATABASE_URL. "
                "Nothing was written."
            ),
            code="foreign",
        )
