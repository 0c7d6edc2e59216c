"""Input of the frame: look and demo date."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

WEEK = timedelta(days=7)


class DemoDateForm(forms.Form):
    """Where to move the business date: a date, a week on, or back to the calendar."""

    date = forms.DateField(required=False)
    act = forms.ChoiceField(choices=[("set", "set"), ("week", "week"), ("today", "today")])

    def __init__(self, *args: object, business_date: date, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.business_date = business_date

    def days_ahead(self) -> int:
        """Days between the calendar and the wanted date; negative runs behind."""
        today = timezone.localdate()
        wanted = {
            "today": today,
            "week": self.business_date + WEEK,
            "set": self.cleaned_data["date"] or self.business_date,
        }[self.cleaned_data["act"]]
        return (wanted - today).days
