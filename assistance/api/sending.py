"""A delivery that another system sends: judged by the form of the page and by its action."""

import uuid as uuids
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.actions.delivering import Entry, record_delivery
from assistance.api.views import item_of, whole
from assistance.forms.delivering import DeliveryForm
from assistance.models import DeliverySource
from assistance.queries.door import was_sent
from officers.rules import Scope
from teams.refusals import EntryRefused
from trail.api import (
    SHAPES,
    ApiFault,
    Faulty,
    Operation,
    Resource,
    StrictSerializer,
    VersionDiffers,
    etag_of,
    read_body,
    require_match,
)
from trail.errors import Stale

DELIVERIES: dict[str, Promise] = {
    "does_not_fit": _("this does not fit what was agreed, or what is on record"),
}
"""What a body says of a delivery that the page refuses, too; the sentence is that of the page."""

FORM_CODES = {"required": "required", "invalid_choice": "not_offered"}


class DeliveryBody(StrictSerializer):
    """A delivery; what its values may be, the form of the page says."""

    day = serializers.CharField()
    kind = serializers.CharField()
    amount = serializers.CharField()
    quantity = serializers.CharField(required=False)
    voucher = serializers.CharField(required=False)
    reference = serializers.CharField(max_length=64)
    finishes = serializers.BooleanField(required=False, default=False)

    def to_internal_value(self, data: Any) -> Any:
        """Texts are texts: a number that stands for one is another JSON type."""
        found = super().to_internal_value(data)
        wrong = {
            name: [serializers.ErrorDetail(str(SHAPES["wrong_type"]), "wrong_type")]
            for name, value in data.items()
            if not isinstance(value, bool if name == "finishes" else str)
        }
        if wrong:
            raise serializers.ValidationError(wrong)
        return found


class Deliver(Resource):
    """Recording what reached somebody of a measure."""

    scopes = {"POST": Scope.HELP_WRITE}
    operations = {
        "POST": Operation(
            "record_delivery",
            _("Record a delivery of a measure; the same reference again records nothing more"),
            "Measure",
            201,
            "NewDelivery",
            "must",
            ("not_found", "closed", "not_live", "is_a_loan", "used_reference"),
            again=200,
        )
    }

    def post(self, request: Request, uuid: uuids.UUID) -> Response:
        item = item_of(request, uuid)
        entry = _entry(read_body(DeliveryBody(data=request.data)))
        known = was_sent(request.user, entry.reference)
        if not known:
            require_match(request, item.version)
        try:
            record_delivery(item.pk, entry, by=request.user, seen=None if known else item.version)
        except EntryRefused as refused:
            raise Faulty([*_pointed(refused.faults)]) from None
        except Stale:
            raise VersionDiffers(etag_of(item_of(request, uuid).version)) from None
        return whole(item_of(request, uuid), status=200 if known else 201)


def _entry(body: Mapping[str, Any]) -> Entry:
    """The delivery that a body says. Raises Faulty with what the form of the page refuses."""
    form = DeliveryForm({**body, "key": uuids.uuid4()}, payees=())
    del form.fields["photos"], form.fields["note"]
    if not form.is_valid():
        raise Faulty(
            [
                ApiFault(
                    FORM_CODES.get(error.code or "", "does_not_fit"),
                    str(sentence),
                    f"/{name}" if name in body else "",
                )
                for name, errors in form.errors.as_data().items()
                for error in errors
                for sentence in error.messages
            ]
        )
    return replace(form.entry(), reference=body["reference"], source=DeliverySource.API)


def _pointed(faults: Iterable[tuple[str, str]]) -> Iterator[ApiFault]:
    for name, sentence in faults:
        yield ApiFault(
            "does_not_fit", sentence, f"/{name}" if name in DeliveryBody().fields else ""
        )
