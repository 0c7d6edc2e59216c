"""Worked examples of the change feed: every person and number in them is made up."""

from typing import Any

from households.api.examples import HOUSEHOLD, NUMBER, TOLD_PERSON, TOLD_SURVEY

PRIVATE = ("id_number", "birth_date", "phone", "bank_account")
NOT_PUSHED = ("updated_at", "recorded_at", "persons")


def _document(told: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the feed tells of it to a key without `identity`."""
    kept = {name: value for name, value in told.items() if name not in (*PRIVATE, *NOT_PUSHED)}
    return kept | more


ANSWERS: dict[str, Any] = {
    "ChangePage": {
        "epoch": "5f0e1c2d3b4a5968",
        "results": [
            {
                "kind": "household",
                "key": NUMBER,
                "gone": False,
                "version": 3,
                "document": _document(
                    HOUSEHOLD,
                    members=[_document(TOLD_PERSON, end_reason=None, end_date=None)],
                    surveys=[_document(TOLD_SURVEY)],
                ),
            },
            {
                "kind": "household",
                "key": "97012300000007",
                "gone": True,
                "version": None,
                "document": None,
            },
        ],
        "next": "WyI1ZjBlMWMyZDNiNGE1OTY4IiwiOGQx…",
        "more": True,
    },
}
