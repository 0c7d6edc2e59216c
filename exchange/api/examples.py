"""Worked examples of the exchange; whoever is named in them is made up."""

from typing import Any

from exchange.api.batch_examples import ANSWERS as BATCH_ANSWERS

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
UPLOAD: dict[str, Any] = {
    "uuid": "7d0e6f3a-52a4-4c5e-8a49-2f6b8d1f9c10",
    "state": "waiting",
    "format": "csv",
    "year": 2020,
    "packing": "gzip",
    "parts": [1, 2, 3],
    "lines_done": 12000,
    "counts": {"created": 11964, "rejected": 36},
    "unknown": ["备注"],
    "fault": None,
    "detail": None,
    "created_at": "2020-11-03T01:00:00Z",
    "finished_at": None,
}
BODIES: dict[str, Any] = {
    "NewDecision": REPORT | {"signers": [SIGNER]},
    "NewUpload": {"packing": "gzip", "format": "csv", "year": 2020},
    "UploadEnd": {"parts": 3, "sha256": REPORT["evidence_hash"]},
}
ROWS: dict[str, Any] = {
    "Upload": UPLOAD,
    "Decision": REPORT
    | {"received_at": "2020-11-03T01:00:00Z", "state": "received", "recorded_as": None},
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
    "PushResultPage": {"next": None, "results": BATCH_ANSWERS["BatchAnswer"]["results"]},
    "Totals": {"division": "970123", "year": 2020, "results": [TOTALS]},
    "TotalsRow": TOTALS,
}
