"""The business date: the one clock that rules and actions are given."""

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from trail.models import DemoClock


def business_date() -> date:
    """Today in Asia/Shanghai; in demo mode, moved by the days that a visitor chose."""
    today = timezone.localdate()
    if not settings.DEMO:
        return today
    return today + timedelta(days=DemoClock.days_ahead())
