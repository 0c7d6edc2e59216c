"""Values of other systems that differ: the county's list, a household side by side, deciding."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from exchange.actions.differences import (
    Choice,
    DifferencesRefused,
    decide_differences,
    reveal_numbers,
)
from exchange.forms import AllForm, ChoicesForm, ListForm, ReasonForm
from exchange.queries.difference_words import IN_FULL, Told, label_of, told_all
from exchange.queries.differences import (
    Wanted,
    changes_since,
    decided_of,
    difference_page,
    last_change,
    sides_of,
    systems_of,
    townships_of,
    waiting_of,
)
from exchange.records import Record, records_of
from exchange.rights import DECIDERS
from households.models import Household
from households.queries import visible_households
from officers.http import OfficerRequest
from officers.rights import require
from teams.views.asked import page_number, turned
from trail.errors import Stale

DECIDED_SHOWN = 20


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The households of the county of which values wait."""
    officer = request.user
    require(officer, *DECIDERS)
    townships = townships_of(officer)
    form = ListForm(
        request.GET,
        places=[(one.pk, one.name) for one, _count in townships],
        systems=systems_of(officer),
    )
    wanted = Wanted(
        division=form.chosen("division") or officer.acting_division,
        state=form.chosen("state"),
        group=form.chosen("group"),
        client=form.chosen("client") or None,
    )
    number = page_number(request)
    page = difference_page(officer, wanted, number=number)
    context = {
        "form": form,
        "page": page,
        "townships": townships,
        **turned(request, number, has_next=page.has_next),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "exchange/differences/list.html", context, status=status)


def _household(request: OfficerRequest, number: str) -> Household:
    """The household of the address, for a clerk of its county; else 404."""
    found = get_object_or_404(visible_households(request.user), number=number)
    require(request.user, *DECIDERS, code=found.village_id)
    return found


class _Page:
    """A household with what waits of it, as it stands now."""

    def __init__(self, request: OfficerRequest, number: str):
        self.request = request
        self.household = _household(request, number)
        rows = waiting_of(request.user, self.household)
        years = {row.year for row in rows if row.year is not None}
        self.record: Record = records_of([number], years)[number]
        self.sides = sides_of(self.record, rows)
        self.members = [one.key for one in self.record.members]

    def told(self) -> list[Told]:
        """The differences in words."""
        return told_all(self.sides)

    def initial(self) -> dict[str, int]:
        """What the clerk has seen."""
        seen = last_change(self.household.pk, self.members)
        return {"version": self.household.version, "seen": seen}

    def shown(self, form: ChoicesForm, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page with a form; after a refusal with what it tells."""
        context = {
            "household": self.household,
            "form": form,
            "rows": form.rows(),
            "sensitive": any(one.is_sensitive for one in self.sides),
            "head": next((one.values["name"] for one in self.record.members if _is_head(one)), ""),
            "decided": [
                (row, label_of(row.kind, row.field))
                for row in decided_of(self.request.user, self.household, most=DECIDED_SHOWN)
            ],
            **more,
        }
        page = "exchange/differences/household.html"
        return render(self.request, page, context, status=status)

    def stale(self, stale: Stale, seen: int, data: Any) -> HttpResponse:
        """Say what was done meanwhile; what was chosen stays chosen."""
        told = self.told()
        kept = {name: value for name, value in data.items() if name not in ("version", "seen")}
        form = ChoicesForm(initial=self.initial() | kept, told=told)
        changes = [
            (change, [label for label in map(_column, change.before or {}) if label])
            for change in changes_since(self.household.pk, self.members, seen)
        ]
        return self.shown(form, status=409, stale=stale, changes=changes)


def _is_head(member: Any) -> bool:
    return member.is_active and member.values["relation"] == "01"


COLUMNS = {"member_end_reason": "end_reason", "member_end_date": "end_date"}


def _column(name: str) -> str:
    """What a column of the trace is called; "" for one that no difference has."""
    for kind in ("household", "member"):
        try:
            return label_of(kind, COLUMNS.get(name, name))
        except KeyError:
            continue
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
def household(request: OfficerRequest, number: str) -> HttpResponse:
    """Theirs and ours of one household; a choice for each writes what was chosen."""
    page = _Page(request, number)
    if request.method != "POST":
        return page.shown(ChoicesForm(initial=page.initial(), told=page.told()))
    form = ChoicesForm(request.POST, told=page.told())
    if not form.is_valid():
        return page.shown(form, status=400)
    seen = form.cleaned_data
    try:
        written = decide_differences(
            page.household, form.choices(), version=seen["version"], by=request.user
        )
    except DifferencesRefused as refused:
        form.take(refused.faults)
        return page.shown(form, status=409)
    except Stale as stale:
        return _Page(request, number).stale(stale, seen["seen"], request.POST)
    return _done(request, number, len(form.choices()), written)


def _done(request: HttpRequest, number: str, decided: int, written: int) -> HttpResponse:
    text = ngettext(
        "%(decided)d difference is decided; values written: %(written)d.",
        "%(decided)d differences are decided; values written: %(written)d.",
        decided,
    )
    messages.success(request, text % {"decided": decided, "written": written})
    return redirect("exchange:household_differences", number)


@require_http_methods(["GET", "HEAD", "POST"])
def decide_all(request: OfficerRequest, number: str) -> HttpResponse:
    """One choice for all that waits: what it will come to, then done."""
    page = _Page(request, number)
    if request.method != "POST":
        asked = request.GET.get("choice", "")
        page.sides = [
            one for one in page.sides if asked == Choice.OURS or not one.is_taken_elsewhere
        ]
        if asked not in list(Choice) or not page.sides:
            raise Http404
        keys = ",".join(str(one.row.pk) for one in page.sides)
        return _ask(page, AllForm(initial=page.initial() | {"all": asked, "keys": keys}))
    form = AllForm(request.POST)
    if not form.is_valid():
        return _ask(page, form, status=400)
    seen, choices = form.cleaned_data, form.choices()
    try:
        written = decide_differences(
            page.household, choices, version=seen["version"], by=request.user
        )
    except DifferencesRefused as refused:
        again = ChoicesForm({**page.initial(), **_each(choices)}, told=page.told())
        again.is_valid()
        again.take(refused.faults)
        return page.shown(again, status=409)
    except Stale as stale:
        return _Page(request, number).stale(stale, seen["seen"], _each(choices))
    return _done(request, number, len(choices), written)


def _ask(page: _Page, form: AllForm, *, status: int = 200) -> HttpResponse:
    """The page that asks once more."""
    context = {
        "household": page.household,
        "form": form,
        "told": page.told(),
        "takes_theirs": form["all"].value() == Choice.THEIRS,
    }
    return render(page.request, "exchange/differences/confirm.html", context, status=status)


def _each(choices: Any) -> dict[str, str]:
    return {f"difference-{key}": str(word) for key, word in choices.items()}


@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: OfficerRequest, number: str) -> HttpResponse:
    """ID numbers, phones and accounts of the differences in full, once, for a reason."""
    page = _Page(request, number)
    form = ReasonForm(request.POST or None)
    told: list[Told] = []
    if form.is_valid():
        reveal_numbers(page.household, by=request.user, reason=form.cleaned_data["reason"])
        told = told_all([one for one in page.sides if one.is_sensitive], masks=IN_FULL)
    context = {"household": page.household, "form": form, "told": told}
    status = 400 if form.errors else 200
    return render(request, "exchange/differences/numbers.html", context, status=status)
