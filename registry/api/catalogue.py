"""The errors that the REST door may answer, by code: for the handler, the pages and docs/api.md."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance.api.sending import DELIVERIES
from exchange.api.changes import UNKNOWN_KIND
from exchange.api.decisions import NOT_FOUND
from exchange.items import ITEMS
from households.api.entries import ON_RECORD
from households.api.names import NAMED_TWICE
from households.importing.reasons import CELLS, ENTRIES, HOUSEHOLDS, PERSONS
from trail.api import SHAPES


@dataclass(frozen=True)
class Problem:
    """One kind of refusal: its stable code, its status, and what it says."""

    code: str
    status: int
    title: Promise | str
    detail: Promise | str


ALL = (
    Problem(
        "unreadable",
        400,
        _("The body cannot be read"),
        _("Send JSON in UTF-8: no name twice in an object, no NaN, at most 8 levels deep."),
    ),
    Problem(
        "bad_request",
        400,
        _("The request cannot be read"),
        _("The address or a header holds something that no request may hold."),
    ),
    Problem(
        "faulty_request",
        400,
        _("Something in the request is wrong"),
        _("Correct what “errors” names, then send the request again."),
    ),
    Problem(
        "key_missing",
        400,
        _("The Idempotency-Key is missing"),
        _("Send an Idempotency-Key of 1 to 64 visible ASCII characters, a new one for each request,"
          " the same one for each retry."),
    ),
    Problem(
        "no_key",
        401,
        _("No valid key"),
        _("Send a live key as “Authorization: Bearer KEY”. This one is missing, unknown, expired,"
          " revoked, sent from a network that its client does not name, or its client is not posted"
          " any more."),
    ),
    Problem(
        "no_scope",
        403,
        _("The key lacks the scope"),
        _("This key does not open that. Ask the operator for one with the scope that the"
          " description names."),
    ),
    Problem(
        "https_needed",
        403,
        _("Only by HTTPS"),
        _("Nothing is answered over plain HTTP. If you sent a key, have it revoked: others may"
          " have read it."),
    ),
    Problem(
        "outside_posting",
        403,
        _("Outside the client's posting"),
        _("The village lies outside the division that the client is posted to, or the answer that"
          " is kept under the key was made while it was posted elsewhere."),
    ),
    Problem(
        "wrong_role",
        403,
        _("Not for this role"),
        _("A machine client never does this."),
    ),
    Problem(
        "no_posting",
        403,
        _("No posting in force"),
        _("The client's posting ended in this moment."),
    ),
    Problem(
        "not_allowed",
        403,
        _("Not allowed"),
        _("The client has no right to this act."),
    ),
    Problem(
        "not_found",
        404,
        _("Not found"),
        _("Nothing has this address within the client's posting."),
    ),
    Problem(
        "method_not_allowed",
        405,
        _("Method not allowed"),
        _("The resource does not take this method."),
    ),
    Problem(
        "not_acceptable",
        406,
        _("Only JSON is answered"),
        _("Accept application/json."),
    ),
    Problem(
        "refused",
        409,
        _("Not possible as things stand"),
        _("The register stands otherwise than the request assumes."),
    ),
    Problem(
        "household_changed",
        409,
        _("Changed meanwhile"),
        _("Somebody changed the household in this moment. Read it again, then decide anew."),
    ),
    Problem(
        "registered_meanwhile",
        409,
        _("Registered meanwhile"),
        _("One of the people was registered elsewhere in this moment. Ask the county office."),
    ),
    Problem(
        "closed",
        409,
        _("The household is cancelled"),
        _("This household is cancelled. Nothing in it changes any more."),
    ),
    Problem(
        "not_live",
        409,
        _("The measure is not live"),
        _("The measure is not agreed yet, done or stopped. Nothing is added to it."),
    ),
    Problem(
        "is_a_loan",
        409,
        _("The measure is a loan"),
        _("A loan is drawn: an officer records it on its page."),
    ),
    Problem(
        "used_reference",
        409,
        _("The reference is used already"),
        _("Another delivery was sent under this reference. Give each delivery one of its own."),
    ),
    Problem(
        "decides_elsewhere",
        409,
        _("Your system does not decide there"),
        _("A policy parameter of the county names the system that decides. Ask the province."),
    ),
    Problem(
        "other_state",
        409,
        _("The household's state has no such decision"),
        _("Read the household: another decision was taken about it meanwhile."),
    ),
    Problem(
        "upload_closed",
        409,
        _("The upload is closed"),
        _("It takes nothing more. Open a new one."),
    ),
    Problem(
        "part_differs",
        409,
        _("Another part has this number"),
        _("Parts do not change once they are sent. Open a new upload."),
    ),
    Problem(
        "parts_missing",
        409,
        _("Parts are missing"),
        _("Send the parts that “detail” names, then close the upload again."),
    ),
    Problem(
        "upload_too_large",
        409,
        _("The upload is too large"),
        _("An upload has at most 1,000 parts and 4 GiB. Send the rest in another one."),
    ),
    Problem(
        "too_many_uploads",
        409,
        _("Too many uploads are not taken in yet"),
        _("At most 100 of your uploads are open or waiting. Close them, or wait until they are"
          " taken in."),
    ),
    Problem(
        "no_room",
        409,
        _("No room is left"),
        _("Your parts that wait, and your reports of 30 days, have at most 32 GiB. Wait until what"
          " you sent is taken in."),
    ),
    Problem(
        "still_counting",
        409,
        _("Still counting"),
        _("Many changes are being counted. Wait the seconds of Retry-After, then ask again."),
    ),
    Problem(
        "still_running",
        409,
        _("Still running"),
        _("The same request is running. Wait the seconds of Retry-After, then send it again."),
    ),
    Problem(
        "told_enough",
        409,
        _("Too many persons outside of the posting"),
        _("Within a day the answers to a client tell of at most 2,000 persons who are on record"
          " outside of its posting. Look through them with the county, and go on tomorrow."),
    ),
    Problem(
        "cursor_gone",
        410,
        _("The cursor holds no more"),
        _("The register was restored, the cursor is too old or signed by another key, or the"
          " client's posting, its scopes or the kinds are others. Begin anew, without a cursor."),
    ),
    Problem(
        "report_gone",
        410,
        _("The report is gone"),
        _("Reports are kept for 30 days. Read the households themselves."),
    ),
    Problem(
        "length_needed",
        411,
        _("The length is not stated"),
        _("Send the body whole, with its Content-Length and not in chunks."),
    ),
    Problem(
        "version_differs",
        412,
        _("Another version is on record"),
        _("If-Match names another version. The header ETag holds the one on record: read"
          " again, then decide anew."),
    ),
    Problem(
        "too_large",
        413,
        _("The body is too large"),
        _("A body has at most 1 MiB; one of many households at most 8 MiB, unpacked."),
    ),
    Problem(
        "not_json",
        415,
        _("Only JSON is taken"),
        _("Send application/json."),
    ),
    Problem(
        "key_reused",
        422,
        _("The Idempotency-Key is used already"),
        _("This key was sent with another request. Give each request its own."),
    ),
    Problem(
        "encoding_unknown",
        415,
        _("The body is packed in an unknown way"),
        _("Send the body as it is, or packed with gzip."),
    ),
    Problem(
        "version_missing",
        428,
        _("If-Match is missing"),
        _("Send the ETag of what you read as If-Match."),
    ),
    Problem(
        "too_many_requests",
        429,
        _("Too many requests"),
        _("Wait the seconds of Retry-After, then go on."),
    ),
    Problem(
        "server_error",
        500,
        _("A defect of the register"),
        _("Nothing was saved. Tell the operator the request_id."),
    ),
)  # fmt: skip
PROBLEMS = {problem.code: problem for problem in ALL}
BY_STATUS = {
    400: "bad_request",
    401: "no_key",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "refused",
    410: "cursor_gone",
    411: "length_needed",
    412: "version_differs",
    413: "too_large",
    415: "not_json",
    422: "key_reused",
    428: "version_missing",
    429: "too_many_requests",
    500: "server_error",
}
FIELD_FAULTS: dict[str, Promise] = (
    SHAPES
    | {"unknown_division": _("there is no division of this code"), "not_found_here": NOT_FOUND}
    | DELIVERIES
    | ON_RECORD
    | NAMED_TWICE
    | UNKNOWN_KIND
    | ITEMS
    | CELLS
    | PERSONS
    | HOUSEHOLDS
    | ENTRIES
)
"""What can be wrong at one place, by the code in “errors”."""


def field_faults() -> Iterator[tuple[str, str]]:
    """(code, sentence) in the active language, placeholders in brackets, by code."""
    for code, sentence in sorted(FIELD_FAULTS.items()):
        yield code, str(sentence).replace("%(", "[").replace(")s", "]")
