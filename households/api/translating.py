"""Resources that speak national names and labels: translated where a request comes in and goes out.

A view behind it knows own names and codes alone. A body may hold either name of a field, and a
label beside a code; an answer has what `names` and `values` of the address ask for, and a fault
points at the name that was sent.
"""

from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.names import Names, Read, Values, Vocabulary, inwards, outwards
from trail.api import Faulty, QuerySerializer, Resource

LEAST_ERROR = 400


class NamesQuery(QuerySerializer):
    """In which names and values to answer."""

    names = serializers.ChoiceField(
        choices=[str(one) for one in Names],
        required=False,
        default=Names.OWN,
        help_text=_(
            "“national”: fields go by their national codes, as AAC007, where there is one."
        ),
    )
    values = serializers.ChoiceField(
        choices=[str(one) for one in Values],
        required=False,
        default=Values.CODES,
        help_text=_("“labels”: codes of the lists go by their labels, as Accept-Language says."),
    )


class InOwnNames(BaseParser):
    """What another parser reads, in own names and codes. Raises Faulty for a field sent twice."""

    def __init__(self, inner: BaseParser, resource: "Translated"):
        self.inner = inner
        self.media_type = inner.media_type
        self.resource = resource

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        sent = self.inner.parse(stream, media_type, parser_context)
        read = inwards(sent, self.resource.vocabulary)
        if read.faults:
            raise Faulty(read.faults)
        self.resource.read = read
        return read.body


class Translated(Resource):
    """A resource whose bodies and answers know other names for its fields."""

    every_query = NamesQuery
    vocabulary: ClassVar[Vocabulary]
    read: Read | None = None

    def get_parsers(self) -> list[BaseParser]:
        return [InOwnNames(one, self) for one in super().get_parsers()]

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Faulty) and self.read:
            exc.faults = [
                replace(one, pointer=self.read.pointer(one.pointer, self.vocabulary, self._names()))
                if one.pointer
                else one
                for one in exc.faults
            ]
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        if response.status_code < LEAST_ERROR:
            values = Values(self.query["values"])
            response.data = outwards(
                response.data, self.vocabulary, names=self._names(), values=values
            )
        return super().finalize_response(request, response, *args, **kwargs)

    def _names(self) -> Names:
        return Names(self.query["names"])
