"""Two reviews held against each other: choosing the other one, the matrix, and who flips."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from divisions.models import Division
from divisions.queries import path_to
from divisions.scope import contains
from households.rules import Kind
from officers.http import OfficerRequest
from reviews.actions.comparing import ask_comparison, is_awaited
from reviews.actions.taking import take_households, take_sheet
from reviews.models import DONE, Review
from reviews.queries.comparing import (
    Pair,
    Turns,
    cell_of,
    common_part,
    comparable,
    effect_of_turns,
    is_small,
    kept_comparison,
    kept_turns,
    kind_name,
    turns_of,
)
from reviews.queries.flips import Flip, flip_page, flips_sheet, matrix_sheet
from reviews.queries.shown_rows import places_sheet, sides_sheet
from reviews.queries.standard_pages import changes_by_part
from reviews.queries.terms import terms_of
from reviews.rights import most_exported
from reviews.tasks import nudge_comparison
from reviews.views.figures import form_of
from reviews.views.proposals import position_named, turn
from reviews.views.reviews import review_of
from trail.sheets import FORMS, as_file

MOST_OFFERED = 100
KINDS = {str(int(kind)) for kind in Kind}


def _pair(request: OfficerRequest, review: Review) -> Pair | None:
    """The pair of the address; None when it names no other review. 404 for one out of reach."""
    key = request.GET.get("with", "")
    if not key:
        return None
    if not (key.isascii() and key.isdecimal()):
        raise Http404
    other = get_object_or_404(comparable(request.user, review), pk=int(key[:9]))
    if review.state not in DONE:
        raise Http404
    whole = common_part(request.user, other, review)
    code = request.GET.get("division") or whole
    if not contains(whole, code) or not Division.objects.filter(pk=code).exists():
        raise Http404
    return Pair(other, review, code)


def _query(pair: Pair, **more: object) -> str:
    return f"?{urlencode({'with': pair.before.pk, 'division': pair.part} | more)}"


def _turns(request: OfficerRequest, pair: Pair) -> Turns | None:
    """The counts: of a small part at once, of a large one as kept; None until it is counted."""
    if is_small(pair):
        return turns_of(pair)
    kept = kept_comparison(request.user, pair)
    return None if kept is None else kept_turns(kept, pair)


def _frame(request: OfficerRequest, pair: Pair) -> dict[str, Any]:
    """What both pages of a comparison show of it."""
    whole = common_part(request.user, pair.before, pair.after)
    place = path_to(pair.part)
    return {
        "review": pair.after,
        "pair": pair,
        "here": place[-1] if place else Division.objects.get(pk=pair.part),
        "above": [one for one in place[:-1] if len(one.pk) >= len(whole)],
        "query": _query(pair),
        "forms": FORMS,
    }


@require_safe
def page(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    if review.state not in DONE:
        return redirect("reviews:review", review.pk)
    pair = _pair(request, review)
    if pair is None:
        offered = comparable(request.user, review)[:MOST_OFFERED]
        context: dict[str, Any] = {"review": review, "offered": offered}
        return render(request, "reviews/compare_choose.html", context)
    turns = _turns(request, pair)
    context = _frame(request, pair) | {"terms": terms_of(pair)}
    if turns is None:
        kept = kept_comparison(request.user, pair)
        context |= {"awaited": kept is not None and is_awaited(kept), "kept": kept}
        context |= {"places": _places_below(pair)}
        return render(request, "reviews/compare_count.html", context)
    context |= {
        "effect": effect_of_turns(request.user, turns),
        "parts": changes_by_part(request.user, pair) if is_small(pair) else [],
        "places": [] if is_small(pair) else _places_below(pair),
        "turned": f"{reverse('reviews:compare', args=[pair.before.pk])}"
        f"?{urlencode({'with': pair.after.pk, 'division': pair.part})}",
    }
    return render(request, "reviews/compare.html", context)


def _places_below(pair: Pair) -> list[Division]:
    return list(Division.objects.filter(parent=pair.part).order_by("code"))


@require_POST
def count(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    pair = _pair(request, review)
    if pair is None:
        return redirect("reviews:compare", review.pk)
    kept = ask_comparison(pair, by=request.user)
    if not nudge_comparison(kept.pk):
        messages.error(request, _("No worker can be asked at the moment. Ask again in a minute."))
    return redirect(reverse("reviews:compare", args=[review.pk]) + _query(pair))


@require_safe
def progress(request: OfficerRequest, review_id: int) -> HttpResponse:
    """The waiting alone, for htmx; once there is something to see the whole page is asked for."""
    review = review_of(request, review_id)
    pair = _pair(request, review)
    if pair is None:
        return redirect("reviews:compare", review.pk)
    kept = kept_comparison(request.user, pair)
    context = _frame(request, pair) | {"kept": kept}
    response = render(request, "reviews/compare_waiting.html", context)
    if kept is None or not is_awaited(kept):
        response["HX-Refresh"] = "true"
    return response


@require_safe
def matrix(request: OfficerRequest, review_id: int, form: str) -> HttpResponse:
    review, file_form = review_of(request, review_id), form_of(form)
    pair = _pair(request, review)
    turns = _turns(request, pair) if pair else None
    if pair is None or turns is None:
        return _to_the_page(review, pair)
    sheet = matrix_sheet(request.user, pair, effect_of_turns(request.user, turns))
    wanted = _named(pair, {"table": "compare"})
    taken = take_sheet(pair.after, sheet, division=pair.part, wanted=wanted, by=request.user)
    return as_file(taken, file_form, f"reviews-{pair.before.pk}-{pair.after.pk}-{pair.part}")


@require_safe
def table(request: OfficerRequest, review_id: int, name: str, form: str) -> HttpResponse:
    """Who gains and loses a proposal, and where: the tables below the matrix, as files."""
    review, file_form = review_of(request, review_id), form_of(form)
    pair = _pair(request, review)
    turns = _turns(request, pair) if pair else None
    if pair is None or turns is None:
        return _to_the_page(review, pair)
    officer = request.user
    if name == "sides":
        sheet = sides_sheet(officer, pair, effect_of_turns(officer, turns))
    elif name == "places" and is_small(pair):
        sheet = places_sheet(officer, pair, changes_by_part(officer, pair))
    else:
        raise Http404
    wanted = _named(pair, {"table": name})
    taken = take_sheet(pair.after, sheet, division=pair.part, wanted=wanted, by=officer)
    stem = f"reviews-{pair.before.pk}-{pair.after.pk}-{name}-{pair.part}"
    return as_file(taken, file_form, stem)


@require_safe
def flips(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    pair = _pair(request, review)
    turns = _turns(request, pair) if pair else None
    if pair is None or turns is None:
        return _to_the_page(review, pair)
    flip = _flip(request)
    found = flip_page(
        request.user,
        pair,
        flip,
        turns,
        after=position_named(request.GET.get("behind", "")),
        before=position_named(request.GET.get("ahead", "")),
    )
    query = _query(pair, before=flip.before, after=flip.after)
    context = _frame(request, pair) | {
        "flip": flip,
        "kind_before": kind_name(flip.before),
        "kind_after": kind_name(flip.after),
        "cell": cell_of(request.user, turns, flip.before, flip.after),
        "page": found,
        "query": query,
        "most_rows": most_exported(request.user),
        "back": reverse("reviews:compare", args=[review.pk]) + _query(pair),
        "previous_url": turn(query, "ahead", found.previous),
        "next_url": turn(query, "behind", found.next),
    }
    return render(request, "reviews/compare_flips.html", context)


@require_safe
def flips_file(request: OfficerRequest, review_id: int, form: str) -> HttpResponse:
    review, file_form = review_of(request, review_id), form_of(form)
    pair = _pair(request, review)
    turns = _turns(request, pair) if pair else None
    if pair is None or turns is None:
        return _to_the_page(review, pair)
    flip = _flip(request)
    sheet = flips_sheet(request.user, pair, flip, turns, most=most_exported(request.user))
    wanted = {"table": "flips", "before": str(flip.before), "after": str(flip.after)}
    taken = take_households(
        pair.after, sheet, division=pair.part, wanted=_named(pair, wanted), by=request.user
    )
    name = f"reviews-{pair.before.pk}-{pair.after.pk}-{flip.before}-{flip.after}-{pair.part}"
    return as_file(taken, file_form, name)


def _flip(request: OfficerRequest) -> Flip:
    """The cell of the address, else 404."""
    kinds = []
    for name in ("before", "after"):
        text = request.GET.get(name, "")
        if text not in KINDS:
            raise Http404
        kinds.append(int(text))
    if not any(kinds):
        raise Http404
    return Flip(*kinds)


def _to_the_page(review: Review, pair: Pair | None) -> HttpResponse:
    """To the choice of the other review, or to where a large part is counted first."""
    return redirect(reverse("reviews:compare", args=[review.pk]) + (_query(pair) if pair else ""))


def _named(pair: Pair, wanted: dict[str, str]) -> dict[str, str]:
    return wanted | {"with": str(pair.before.pk), "division": pair.part}
