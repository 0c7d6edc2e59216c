"""What a system is told of persons who are members elsewhere: kept, and limited.

That somebody is on the register is told to nobody who asks for it. A push needs to know why an item
is rejected, so the answer says it; who pushes only to hear it is stopped.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db.models import IntegerField, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.models import Push
from officers.models import ClientKey
from trail.errors import Refused

ELSEWHERE = "active_elsewhere"
DAY = timedelta(days=1)


class ToldEnough(Refused):
    """The system was told of as many persons as one day allows (409)."""

    code = "told_enough"

    def __init__(self) -> None:
        super().__init__(
            _("Too many of the pushed persons are members elsewhere. Look through them with the"
              " county, and go on tomorrow.")
        )  # fmt: skip


def refuse_beyond_limit(key: ClientKey) -> None:
    """Raises ToldEnough for a system that was told of too many persons within a day."""
    if told_within_a_day(key.client_id) >= settings.API_ELSEWHERE_A_DAY:
        raise ToldEnough


def told_within_a_day(client_id: int) -> int:
    """How many persons the system was told to be members elsewhere, by pushes and by tries."""
    recent = Push.objects.filter(client_id=client_id, at__gte=timezone.now() - DAY)
    number = Sum(Cast(KT(f"refused__{ELSEWHERE}"), IntegerField()))
    return recent.aggregate(number=number)["number"] or 0


def note_try(key: ClientKey, refused: Mapping[str, int]) -> None:
    """Keep what a try told; of what it would have written nothing is kept."""
    Push.objects.create(
        client_id=key.client_id, prefix=key.prefix, is_try=True, refused=dict(refused)
    )
