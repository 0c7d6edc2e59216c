"""Worked examples for the description: every person and number in them is made up."""

from typing import Any

PERSON: dict[str, Any] = {
    "name": "陈大山",
    "id_number": "97012319650319041X",
    "relation": "01",
    "health": "01",
    "labour": "01",
    "medical_insurance": True,
}
SURVEY: dict[str, Any] = {
    "year": 2019,
    "wage_income": "8000.00",
    "property_income": "0.00",
    "transfer_income": "600.00",
    "business_expense": "1200.00",
    "lines": [
        {
            "kind": "business_income",
            "item": "wheat",
            "quantity": "800.00",
            "unit_price": "2.40",
            "coefficient_percent": 100,
        }
    ],
    "food": "1",
    "clothing": "1",
    "education": "9",
    "medical": "1",
    "housing": "0",
    "water": "1",
    "housing_m2": "86.50",
    "toilet": False,
}
BODIES: dict[str, Any] = {
    "NewHousehold": {
        "village": "970123100200",
        "group": "一组",
        "main_cause": "01",
        "members": [PERSON],
        "survey": SURVEY,
    },
    "HouseholdChange": {"address": "村东头12号", "main_cause": "02", "other_causes": ["03"]},
    "NewMember": {
        "name": "李秀英",
        "relation": "02",
        "id_number": "970123196807120429",
        "medical_insurance": True,
    },
    "NewSurvey": SURVEY,
    "NewDelivery": {
        "day": "2020-06-30",
        "kind": "cash",
        "amount": "500.00",
        "voucher": "2020-0615",
        "reference": "fin-000123",
    },
}
ANSWERS: dict[str, Any] = {
    "DivisionPage": {
        "next": None,
        "results": [
            {
                "code": "970123",
                "padded_code": "970123000000",
                "level": 3,
                "name": "示例县",
                "parent": "9701",
            }
        ],
    },
}
