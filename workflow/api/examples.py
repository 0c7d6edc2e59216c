"""Worked examples of cases: every person and number in them is made up."""

from typing import Any

DIGEST = "848262599bd9fc19762ca6dfee77e1109c4717624d96ad3438f5cecc99b61424"
ABOUT_HOUSEHOLD = {"household": "97012300000001", "householder": "陈**"}
APPRAISAL = {
    "meeting_on": "2020-06-01",
    "representatives": 30,
    "present": 24,
    "votes_for": 20,
    "votes_against": 3,
    "abstentions": 1,
}


def row(identifier: int, kind: str, state: str, **subject: Any) -> dict[str, Any]:
    """A case as a list holds it, about a household unless said otherwise."""
    return {
        "id": identifier,
        "kind": kind,
        "division": "970123100200",
        **(subject or ABOUT_HOUSEHOLD),
        "state": state,
        "since": "2020-06-01",
        "opened_on": "2020-05-20",
        "closed_at": None,
        "facts_hash": DIGEST,
        "version": 2,
    }


def way(*steps: tuple[str, str | None, str, str, dict[str, Any]]) -> dict[str, Any]:
    """The events of a case as (step, from, to, role, evidence), and a notice that runs."""
    events = [
        {
            "number": number,
            "step": step,
            "from_state": before,
            "to_state": after,
            "on": "2020-06-01",
            "at": "2020-06-01T02:00:00Z",
            "officer": "王主任",
            "role": role,
            "posted_to": "970123100200",
            "decides": False,
            "facts_hash": DIGEST,
            "evidence": evidence,
        }
        for number, (step, before, after, role, evidence) in enumerate(steps, start=1)
    ]
    notice = {
        "step": "post",
        "posted_on": "2020-06-01",
        "days": 7,
        "last_day": "2020-06-08",
        "taken_down_on": None,
        "removed_at": None,
    }
    objection = {"received_on": "2020-06-03", "resolved_on": None, "upheld": None}
    return {"events": events, "notices": [notice], "objections": [objection]}
