"""Worked examples of the exchange; whoever is named in them is made up."""

from typing import Any

REPORT: dict[str, Any] = {
    "reference": "P-2020-000117",
    "decision": "exit",
    "household": "97012300000001",
    "year": 2020,
    "decided_on": "2020-11-02",
    "case": "2020-000117",
    "evidence_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
SIGNER = {"name": "周审批", "office": "县乡村振兴局", "day": "2020-11-02"}
BODIES: dict[str, Any] = {"NewDecision": REPORT | {"signers": [SIGNER]}}
ROWS: dict[str, Any] = {
    "Decision": REPORT
    | {"received_at": "2020-11-03T01:00:00Z", "state": "received", "recorded_as": None}
}
TOTALS = {
    "code": "970123100",
    "households": 214,
    "persons": 731,
    "surveyed": 214,
    "wage_income": "1804220.00",
    "business_income": "903110.50",
    "property_income": "12800.00",
    "transfer_income": "402115.00",
    "business_expense": "310020.00",
    "states": {"0": 31, "1": 183},
    "hash": "9f2c66d1a0b4e7f3",
}
ANSWERS: dict[str, Any] = {
    "Totals": {"division": "970123", "year": 2020, "results": [TOTALS]},
    "TotalsRow": TOTALS,
}
