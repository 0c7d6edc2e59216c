"""Worked examples of reviews and proposals; the household in them is made up."""

from typing import Any

from workflow.api.examples import DIGEST

REVIEW: dict[str, Any] = {
    "id": 31,
    "year": 2019,
    "division": "970123",
    "standard": {"number": 6, "division": "0", "line": "3218.00", "monitoring_line": "5000.00"},
    "dry_run": False,
    "state": "committed",
    "proposed_by": "李会计",
    "committed_by": "赵局长",
    "proposed_at": "2019-11-20T01:00:00Z",
    "paused_at": None,
    "facts_at": "2019-11-20T01:00:00Z",
    "finished_at": "2019-11-20T01:04:00Z",
    "committed_at": "2019-11-21T03:00:00Z",
    "refreshed_at": None,
    "input_hash": DIGEST,
    "standard_hash": DIGEST,
    "result_hash": DIGEST,
}
ROWS: dict[str, Any] = {
    "ReviewRow": REVIEW,
    "Proposal": {
        "household": "97012300000001",
        "householder": "陈**",
        "village": "970123100200",
        "status": "2",
        "proposal": "exit",
        "persons": 3,
        "net_income": "18600.00",
        "per_capita_net_income": "6200.00",
        "needed": "9654.00",
        "lacks": [],
        "gaps": [],
        "fault": None,
        "answer": "accepted",
        "answered_at": "2019-11-25T02:00:00Z",
        "case": 405,
        "added_at": None,
    },
}
ANSWERS: dict[str, Any] = {
    "Review": REVIEW
    | {
        "figures": {
            "division": "970123",
            "households": 8412,
            "persons": 26970,
            "proposals": {
                "complete": 212,
                "identify": 35,
                "watch": 118,
                "keep": 6604,
                "exit": 1402,
                "reinclude": 41,
                "attention": None,
            },
        }
    },
}
