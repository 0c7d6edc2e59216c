"""What is missing before a review, beside the form that proposes it."""

from typing import Any

from django import template

from officers.models import Officer
from reviews.forms import ProposeForm
from reviews.queries.readiness import Hint, hint_of
from trail.dates import business_date

register = template.Library()


@register.inclusion_tag("reviews/readiness_hint.html")
def readiness_hint(form: ProposeForm, officer: Officer) -> dict[str, Hint]:
    """The readiness of the officer's own place for the year that the form shows."""
    field: Any = form.fields["year"]
    years, shown = [year for year, _name in field.choices], str(form["year"].value() or "")
    first = years[0] if years else business_date().year
    year = int(shown) if shown in map(str, years) else first
    return {"hint": hint_of(officer, year, today=business_date())}
