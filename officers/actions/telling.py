"""Of how many persons outside of its posting a system is told within a day: kept, and limited.

That somebody is on the register is told to nobody who asks for it. Whoever writes needs to know
why a person cannot join, so the answer says it; who writes only to hear it is stopped.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from officers.models import Client, ClientKey, Officer, Telling
from trail.actions import record
from trail.errors import Refused

DAY = timedelta(days=1)


class ToldEnough(Refused):
    """An answer would tell of more persons than one day allows (409); `outside` are its own.

    It undoes the transaction in which they were counted: whoever answers it counts them again by
    `keep_told`, or the question costs nothing.
    """

    code = "told_enough"

    def __init__(self, outside: Collection[str] = ()) -> None:
        super().__init__(
            _("Too many of the persons are on record outside of your posting. Look through them"
              " with the county, and go on tomorrow.")
        )  # fmt: skip
        self.outside = outside


def refuse_told_enough(key: ClientKey) -> None:
    """Raises ToldEnough for a system that was told all that one day allows."""
    if _told_since(key.client_id, timezone.now() - DAY) >= settings.API_ELSEWHERE_A_DAY:
        raise ToldEnough


def note_told(key: ClientKey, outside: Collection[str], *, by: Officer) -> None:
    """Count the persons, by number, of whom an answer is about to tell.

    Also an answer that tells of nobody is refused once others used up the day: it would tell that
    it asked for nobody. Raises ToldEnough.
    """
    before = keep_told(key, outside, by=by)
    most = settings.API_ELSEWHERE_A_DAY
    if before >= most or before + len(outside) > most:
        raise ToldEnough(outside)


@transaction.atomic
def keep_told(key: ClientKey, outside: Collection[str], *, by: Officer) -> int:
    """Keep and trace of whom an answer tells; of how many the system was told in the day before.

    Answers to one system are counted one behind the other.
    """
    since = timezone.now() - DAY
    if not outside:
        return _told_since(key.client_id, since)
    Client.objects.select_for_update(no_key=True).get(pk=key.client_id)
    before = _told_since(key.client_id, since)
    Telling.objects.filter(client_id=key.client_id, at__lt=since).delete()
    Telling.objects.create(client_id=key.client_id, persons=len(outside))
    record(
        by=by,
        action="tell_outside",
        subject=by,
        division=by.acting_division,
        after={"prefix": key.prefix, "persons": sorted(outside)},
        origin=f"rest:{key.prefix}",
    )
    return before


def _told_since(client_id: int, since: datetime) -> int:
    recent = Telling.objects.filter(client_id=client_id, at__gte=since)
    return recent.aggregate(number=Sum("persons"))["number"] or 0
