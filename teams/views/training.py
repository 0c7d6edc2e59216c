"""The pages of training: the courses of a year, one of them, and who had too little."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from divisions.models import Division, Level
from officers.http import OfficerRequest
from teams.actions.training import (
    correct_training,
    course_of,
    record_training,
    set_participants,
)
from teams.forms.assessments import YearForm
from teams.forms.training import CorrectCourseForm, CourseForm, ParticipantsForm, mark_of
from teams.models import Training
from teams.queries.training import (
    PAGE_ROWS,
    courses_of,
    may_correct,
    participants,
    places_of,
    seen_of,
    short_of_training,
    tallies,
    took_part,
)
from teams.refusals import EntryRefused
from teams.rights import FIELD, OVERSEERS, TRAINERS, trains
from teams.views.asked import above, page_number, place_of, turned
from trail.dates import business_date
from trail.errors import NotAllowed, Stale

READERS = FIELD | OVERSEERS


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The courses of a year, and by place how many of those who serve took part."""
    place, year, form = _asked(request)
    total, parts = tallies(place, year)
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "year": year,
        "courses": courses_of(request.user, year),
        "total": total,
        "parts": parts,
        "may_record": trains(request.user),
        "lists": place.level >= Level.COUNTY,
    }
    status = 400 if form.errors else 200
    return render(request, "teams/training/list.html", context, status=status)


@require_safe
def short(request: OfficerRequest) -> HttpResponse:
    """Who of a county or a place in it had too little training in a year."""
    place, year, form = _asked(request)
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "year": year,
        "lists": place.level >= Level.COUNTY,
    }
    if context["lists"]:
        rows, number = short_of_training(place.pk, year), page_number(request)
        start = (number - 1) * PAGE_ROWS
        context |= {"rows": rows[start : start + PAGE_ROWS], "count": len(rows)}
        context |= turned(request, number, has_next=start + PAGE_ROWS < len(rows))
    else:
        context["parts"] = tallies(place, year)[1]
    status = 400 if form.errors else 200
    return render(request, "teams/training/short.html", context, status=status)


def _asked(request: OfficerRequest) -> tuple[Division, int, YearForm]:
    refusal = _("Your role does not read about training.")
    place = place_of(request, request.GET.get("division", ""), READERS, refusal)
    today = business_date()
    data = {"year": str(today.year), **request.GET.dict()}
    form = YearForm(data)
    form.is_valid()
    return place, form.cleaned_data.get("year") or today.year, form


@require_safe
def show(request: OfficerRequest, training: int) -> HttpResponse:
    """One course: its days, who took part by place, and by name below the county."""
    found = _training(request, training)
    refusal = _("Your role does not read about training.")
    place = place_of(request, request.GET.get("division", ""), READERS, refusal)
    context = {
        "training": found,
        "place": place,
        "above": above(request, place),
        "parts": places_of(request.user, found, place) if place.level < Level.TOWNSHIP else [],
        "people": took_part(request.user, found, place.pk) if place.level >= Level.COUNTY else [],
        "names": place.level >= Level.COUNTY,
        "may_correct": may_correct(request.user, found),
        "may_tick": trains(request.user) and place.level >= Level.TOWNSHIP,
    }
    return render(request, "teams/training/course.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficerRequest) -> HttpResponse:
    """Record a course of the officer's own place."""
    _refuse_others(request)
    form = CourseForm(request.POST or None)
    if form.is_valid():
        try:
            made = record_training(form.entry(), by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        else:
            messages.success(request, _("The course is recorded. Now tick who took part."))
            return redirect("teams:training_course", made.pk)
    context = {"form": form, "title": _("Record a course")}
    return render(request, "teams/training/form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: OfficerRequest, training: int) -> HttpResponse:
    """Correct a course; what somebody else changed meanwhile is told, and what was typed kept."""
    found = _training(request, training)
    _refuse_others(request)
    if not may_correct(request.user, found):
        raise NotAllowed(_("Another office keeps the record of this course."), code="not_yours")
    initial = vars(course_of(found)) | {"seen": mark_of(found)}
    form = CorrectCourseForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"form": form, "training": found, "title": _("Correct the course")}
    status = 200
    if form.is_valid():
        seen = course_of(found)
        try:
            if not form.stands_as(found):
                raise Stale(
                    _("Somebody else changed the course meanwhile. Compare, then save anew.")
                )
            correct_training(found.pk, form.entry(), seen=seen, by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        except Stale as stale:
            found.refresh_from_db()
            form.see(mark_of(found))
            context["stale"], status = stale, stale.status
        else:
            messages.success(request, _("The course is corrected."))
            return redirect("teams:training_course", found.pk)
    status = 400 if form.errors else status
    return render(request, "teams/training/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def tick(request: OfficerRequest, training: int, code: str) -> HttpResponse:
    """Tick who of a township or village took part in a course."""
    found = _training(request, training)
    place = place_of(request, code, TRAINERS, _("Your role does not record courses."))
    if place.level < Level.TOWNSHIP:
        raise Http404
    people = participants(request.user, found, place.pk)
    form = ParticipantsForm(
        request.POST or None, people=people, days=found.days, initial={"seen": seen_of(people)}
    )
    context: dict[str, Any] = {"form": form, "training": found, "place": place}
    status = 200
    if form.is_valid():
        try:
            count = set_participants(
                found.pk, place, form.parts(), seen=form.cleaned_data["seen"], by=request.user
            )
        except EntryRefused as refused:
            form.take(refused.faults)
        except Stale as stale:
            form.see(seen_of(participants(request.user, found, place.pk)))
            context["stale"], status = stale, stale.status
        else:
            messages.success(request, _("Recorded; changed: %(count)s.") % {"count": count})
            address = reverse("teams:training_course", args=[found.pk])
            return redirect(f"{address}?division={place.pk}")
    context["rows"] = form.rows()
    status = 400 if form.errors else status
    return render(request, "teams/training/participants.html", context, status=status)


def _training(request: OfficerRequest, key: int) -> Training:
    """The course of the address as the officer sees it, else 404."""
    found = Training.objects.visible_to(request.user).select_related("division")
    return get_object_or_404(found, pk=key)


def _refuse_others(request: OfficerRequest) -> None:
    if request.user.acting_role not in TRAINERS:
        raise NotAllowed(_("Your role does not record courses."), code="wrong_role")
