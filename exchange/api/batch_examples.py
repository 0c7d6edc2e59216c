"""A worked example of a batch; whoever is named in it is made up."""

from typing import Any

HOUSEHOLD: dict[str, Any] = {
    "number": "97012300000901",
    "village": "970123100200",
    "group": "一组",
    "main_cause": "01",
    "members": [
        {
            "name": "陈大山",
            "id_number": "970123196503190524",
            "relation": "01",
            "health": "01",
            "medical_insurance": True,
        }
    ],
    "surveys": [
        {
            "year": 2019,
            "wage_income": "8000.00",
            "transfer_income": "600.00",
            "food": "1",
            "clothing": "1",
        }
    ],
}
BODIES: dict[str, Any] = {"Batch": {"households": [HOUSEHOLD]}}
ANSWERS: dict[str, Any] = {
    "BatchAnswer": {
        "push": 117,
        "counts": {
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "queued": 0,
            "refused": 0,
            "rejected": 0,
        },
        "results": [
            {
                "index": 0,
                "number": HOUSEHOLD["number"],
                "result": "created",
                "version": 1,
                "errors": [],
                "warnings": [],
                "queued": [],
                "refused": [],
                "overwritten": [],
                "kept": [],
            }
        ],
    }
}
