"""The business date: the one clock that rules and actions are given; how a day is written."""

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from trail.models import DemoClock


def business_date() -> date:
    """Today in Asia/Shanghai; in demo mode, moved by the days that a visitor chose."""
    today = timezone.localdate()
    if not settings.DEMO:
        return today
    return today + timedelta(days=DemoClock.days_ahead())


def day_text(day: date) -> str:
    """A day as officials write it in the language of the reader."""
    return _("%(year)04d-%(month)02d-%(day)02d") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }
