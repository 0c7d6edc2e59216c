"""Answers that tell of persons outside of the client's posting: counted before they are given."""

from collections.abc import Collection, Sequence

from rest_framework.response import Response

from officers.actions import ToldEnough, keep_told, note_told
from trail.api import ApiFault, Faulty, Resource


class FaultyPeople(Faulty):
    """Faulty whose faults tell of the persons `outside` of the posting, by number."""

    def __init__(self, faults: Sequence[ApiFault], outside: Collection[str]):
        super().__init__(faults)
        self.outside = outside


class TellsOfPeople(Resource):
    """A resource whose changes tell of people.

    What an action counts in a transaction goes with it when the change is refused, so that here,
    behind the transaction, it is counted again; the answer to what may not be told is ToldEnough.
    """

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, ToldEnough):
            keep_told(self.request.auth, exc.outside, by=self.request.user)
        elif isinstance(exc, FaultyPeople):
            exc = self._counted(exc)
        return super().handle_exception(exc)

    def _counted(self, faulty: FaultyPeople) -> Exception:
        try:
            note_told(self.request.auth, faulty.outside, by=self.request.user)
        except ToldEnough as enough:
            return enough
        return faulty
