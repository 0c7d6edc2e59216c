"""Worked examples of households and standards: every person and number in them is made up."""

from typing import Any

NUMBER, VILLAGE = "97012300000001", "970123100200"
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
        "village": VILLAGE,
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
}
TOLD_PERSON: dict[str, Any] = {
    "person_number": "970123000000010001",
    "name": "陈大山",
    "id_number": "970123********041X",
    "no_id_reason": None,
    "relation": "01",
    "sex": "1",
    "birth_date": "1965-**-**",
    "ethnicity": "01",
    "education": "02",
    "in_school": None,
    "out_of_school_reason": None,
    "health": "01",
    "labour": "01",
    "work_place": "02",
    "work_months": 8,
    "medical_insurance": True,
    "critical_illness_insurance": True,
    "pension_insurance": True,
    "allowance": False,
}
MEMBERSHIP = TOLD_PERSON | {
    "joined_on": "2014-05-01",
    "join_reason": None,
    "ended_on": None,
    "end_reason": None,
}
HOUSEHOLD: dict[str, Any] = {
    "number": NUMBER,
    "village": VILLAGE,
    "status": "0",
    "exit_year": None,
    "version": 3,
    "updated_at": "2020-06-30T02:15:00.120000Z",
    "group": "一组",
    "address": "村东头12号",
    "phone": "139****0001",
    "attribute": "01",
    "bank_name": "示例县农商银行",
    "bank_account": "622200********2222",
    "main_cause": "01",
    "other_causes": ["03"],
    "cause_text": None,
    "needs": ["IND", "EMP"],
    "housing_grade": "C",
    "members": [TOLD_PERSON],
}
TOLD_SURVEY: dict[str, Any] = {
    "year": 2019,
    "recorded_at": "2019-11-05T08:00:00Z",
    "persons": 1,
    "wage_income": "8000.00",
    "business_income": "1920.00",
    "property_income": "0.00",
    "transfer_income": "600.00",
    "business_expense": "1200.00",
    "food": "1",
    "clothing": "1",
    "education": "9",
    "medical": "1",
    "housing": "0",
    "water": "1",
    "housing_structure": "03",
    "housing_m2": "86.50",
    "water_source": "01",
    "toilet": False,
    "electricity": True,
    "television": True,
    "fuel": "01",
    "arable_mu": "5.20",
    "forest_mu": None,
    "grassland_mu": None,
    "road_type": "03",
    "road_km": "0.40",
    "lines": [SURVEY["lines"][0] | {"text": None, "amount": "1920.00"}],
    "reasons": {"wage_income": "六月起外出务工"},
}
ACCOUNT: dict[str, Any] = {
    "persons": 1,
    "net_income": "9320.00",
    "per_capita_net_income": "9320.00",
    "needed": "3218.00",
    "monitoring_needed": "5000.00",
    "lacks": ["housing"],
    "gaps": [],
    "exit_ready": False,
    "at_risk": False,
    "verdict": "The household lacks: Safe housing.",
    "reasons": [
        {
            "name": "income",
            "verdict": "met",
            "sentence": "net income 9,320.00 yuan is 6,102.00 yuan above the 3,218.00 yuan"
            " that the line asks for.",
        },
        {"name": "food", "verdict": "met", "sentence": "met."},
        {"name": "clothing", "verdict": "met", "sentence": "met."},
        {
            "name": "education",
            "verdict": "neither",
            "sentence": "does not apply to this household.",
        },
        {"name": "medical", "verdict": "met", "sentence": "met."},
        {"name": "housing", "verdict": "lacking", "sentence": "not met."},
        {"name": "water", "verdict": "met", "sentence": "met."},
    ],
    "remarks": [],
}
LINES = {"number": 6, "line": "3218.00", "monitoring_line": "5000.00"}
FACTS = {"year": 2019, "standard": LINES, "finding": ACCOUNT}
"""What a case about the household rests on."""

ROWS: dict[str, Any] = {
    "Household": HOUSEHOLD,
    "Membership": MEMBERSHIP,
    "Survey": TOLD_SURVEY,
    "Standard": {
        "number": 6,
        "division": "0",
        "year": 2019,
        "line": "3218.00",
        "monitoring_line": "5000.00",
        "guarantees": ["food", "clothing", "education", "medical", "housing", "water"],
        "source": "国家现行农村扶贫标准，按年调整",
        "published_at": "2019-01-01T00:00:00Z",
        "hash": "01b22e09f88bbb1ed719b3b1092fdb7de95112451e7b12e67ed47c0b9d7b6f17",
    },
}
"""What lists hold; a page of each is an example too."""

ANSWERS: dict[str, Any] = {
    "CodeLists": {
        "sex": [
            {"code": "1", "zh": "男", "en": "male"},
            {"code": "2", "zh": "女", "en": "female"},
        ]
    },
    "Finding": {
        "household": NUMBER,
        "year": 2019,
        "surveyed_at": "2019-11-05T08:00:00Z",
        "standard": LINES | {"division": "0"},
        "finding": ACCOUNT,
        "proposal": "A review proposes to keep the state as it is.",
        "warnings": [],
    },
}
