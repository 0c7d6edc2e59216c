"""The resources of reviews: what the year says, and what is proposed for each household."""

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from divisions.api import asked_place, division_parameter
from divisions.scope import in_reach
from households.models.households import STATE_CHOICES
from households.rules import GAPS, LACKS
from officers.rules import Scope
from reviews.api.answers import KINDS, figures_json, proposal_json, review_json
from reviews.models import Review, ReviewState
from reviews.models.reviews import above
from reviews.queries.overview import visible_reviews
from reviews.queries.proposals import ANSWERS, Wanted, proposals, rows_of
from trail.api import Operation, PageQuery, Resource, page_of, paged

READ = {"GET": Scope.CASES}
BY_WORD = {word: int(kind) for kind, word in KINDS.items()}


class ReviewsQuery(PageQuery):
    """Which reviews."""

    division = division_parameter(
        _("That hold a part of this division; without it, all that hold a part of the posting.")
    )
    year = serializers.IntegerField(
        min_value=2000, max_value=2999, required=False, help_text=_("Of this year.")
    )
    state = serializers.ChoiceField(
        choices=[str(one) for one in ReviewState],
        required=False,
        help_text=_("With this state now."),
    )


class ProposalsQuery(PageQuery):
    """Which proposals of a review."""

    division = division_parameter()
    proposal = serializers.ChoiceField(
        choices=[*BY_WORD], required=False, help_text=_("Of this kind.")
    )
    status = serializers.ChoiceField(
        choices=[(str(state), name) for state, name in STATE_CHOICES],
        required=False,
        help_text=_("For households with this status then."),
    )
    lack = serializers.ChoiceField(
        choices=[*LACKS], required=False, help_text=_("For households that lack this.")
    )
    gap = serializers.ChoiceField(
        choices=[*GAPS], required=False, help_text=_("For households of which this is not known.")
    )
    answer = serializers.ChoiceField(
        choices=[*ANSWERS], required=False, help_text=_("To which an officer said this.")
    )


class Reviews(Resource):
    """The reviews within the client's posting, and those above that contain it."""

    scopes = READ
    query_serializers = {"GET": ReviewsQuery}
    operations = {"GET": Operation("list_reviews", _("List reviews"), "ReviewPage")}

    def get(self, request: Request) -> Response:
        found = visible_reviews(request.user)
        if "division" in self.query:
            place = asked_place(request, self.query)
            found = found.filter(_touching(place)) if place else found.none()
        asked = {name: self.query[name] for name in ("year", "state") if name in self.query}
        page = page_of(found.filter(**asked), ("pk",), self.query)
        return paged(request, [review_json(one) for one in page.rows], page.cursor)


class OneReview(Resource):
    """One review with what the part within the posting adds up to."""

    scopes = READ
    operations = {
        "GET": Operation("read_review", _("Read a review"), "Review", refusals=("not_found",))
    }

    def get(self, request: Request, review_id: int) -> Response:
        review = review_of(request, review_id)
        return Response(review_json(review) | figures_json(request.user, review))


class Proposals(Resource):
    """The proposals of a review for households within the posting, by village and household."""

    scopes = READ
    query_serializers = {"GET": ProposalsQuery}
    operations = {
        "GET": Operation(
            "list_proposals",
            _("List the proposals of a review"),
            "ProposalPage",
            refusals=("not_found",),
        )
    }

    def get(self, request: Request, review_id: int) -> Response:
        review = review_of(request, review_id)
        place = asked_place(request, self.query)
        found = proposals(request.user, review, wanted(self.query))
        found = found.none() if place is None else found.within(place)
        found = found.select_related("household").defer("household__search")
        page = page_of(found, ("village_id", "household_id"), self.query)
        rows = rows_of(request.user, review, page.rows)
        return paged(request, [proposal_json(one) for one in rows], page.cursor)


def review_of(request: Request, review_id: int) -> Review:
    """The review of the address, within or containing the client's posting, else 404."""
    return get_object_or_404(visible_reviews(request.user), pk=review_id)


def _touching(place: str) -> Q:
    """The condition that a review and a division share a village."""
    return in_reach("root_id", [place]) | Q(root_id__in=above(place))


def wanted(query: dict[str, Any]) -> Wanted:
    """What the parameters narrow the proposals to, the place apart."""
    return Wanted(
        kind=BY_WORD.get(query.get("proposal", "")),
        lack=query.get("lack", ""),
        gap=query.get("gap", ""),
        state=int(query["status"]) if "status" in query else None,
        answer=query.get("answer", ""),
    )
