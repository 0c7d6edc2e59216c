"""Worked examples of help: every person and number in them is made up."""

from typing import Any

PLAN_UUID, MEASURE_UUID = (
    "ee1177df-704d-4613-b82a-6b006e6eea62",
    "7d0e6f3a-5c1b-4b7e-9a52-0f3d1c6f2b18",
)
VILLAGE, HOUSEHOLD = "970123100200", "97012300000001"
CADRE = {"number": "970123-0007", "name": "林望舒"}
BODIES: dict[str, Any] = {
    "NewDelivery": {
        "day": "2020-06-30",
        "kind": "cash",
        "amount": "500.00",
        "voucher": "2020-0615",
        "reference": "fin-000123",
    },
}
ROWS: dict[str, Any] = {
    "CatalogueMeasure": {
        "code": "AST-COOP",
        "category": "AST",
        "unit": "village",
        "name": {"zh": "村集体合作社", "en": "village cooperative"},
        "sector": "agriculture",
        "division": "0",
        "from_year": 2014,
        "version": 1,
        "conditions": [],
        "confirmations": [],
        "documents": [],
        "group": None,
        "repeats": "free",
        "typical_low": "50000.00",
        "typical_high": "1000000.00",
        "typical_per": "once",
        "cap": None,
        "cap_basis": "item",
        "most_months": None,
        "source": "本系统建议值；各地应另定",
    },
    "Plan": {
        "uuid": PLAN_UUID,
        "village": VILLAGE,
        "household": HOUSEHOLD,
        "year": 2020,
        "target_income": "12000.00",
        "helper": CADRE,
        "head_signed_on": "2020-01-15",
        "helper_signed_on": "2020-01-15",
        "approved_on": "2020-01-20",
        "evaluated_on": None,
        "satisfaction": None,
        "measures": 1,
        "planned": "1500.00",
        "delivered": "500.00",
        "version": 4,
    },
    "Measure": {
        "uuid": MEASURE_UUID,
        "plan": PLAN_UUID,
        "year": 2020,
        "village": VILLAGE,
        "household": HOUSEHOLD,
        "person": {"number": "970123000000010002", "name": "陈**"},
        "code": "EDU-YULU",
        "category": "EDU",
        "unit": "person",
        "planned": "1500.00",
        "delivered": "500.00",
        "funding": None,
        "responsible": CADRE,
        "starts_on": "2020-01-01",
        "due_on": "2020-12-31",
        "status": "ongoing",
        "origin": "added",
        "agreed_on": "2020-01-20",
        "ended_on": None,
        "stop_reason": None,
        "instalments": [{"number": 1, "due_on": "2020-06-30", "amount": "500.00"}],
        "deliveries": [
            {
                "uuid": "0214e794-ed5d-4521-95ee-de82418d5d8c",
                "number": 1,
                "day": "2020-06-30",
                "kind": "cash",
                "amount": "500.00",
                "quantity": "",
                "voucher": "2020-0615",
                "source": "api",
                "reference": "fin-000123",
                "recorded_at": "2020-07-01T01:00:00Z",
                "withdrawn_at": None,
            }
        ],
        "version": 4,
    },
}
