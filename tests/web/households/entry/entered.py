"""A sound household as an officer would type it, to spoil in one place."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from households.entry.content import Content, StepContent
from households.entry.judged import Entry
from tests import factories as make


def person(**more: str) -> dict[str, str]:
    """A grown person with an own ID number."""
    number = make.make_id_number(born=date(1975, 4, 2))
    return {"name": "周文海", "id_number": number, "relation": "02", "health": "01"} | more


def content(**steps: Mapping[str, Any]) -> Content:
    """Six sound steps of two people with a wage; `steps` replace `values` or `rows` of some."""
    sound: dict[str, dict[str, Any]] = {
        "household": {"values": {"group": "二组", "address": "村东 12 号", "phone": "13800000001"}},
        "members": {"rows": [person(name="陈大山", relation="01"), person()]},
        "incomes": {
            "values": {
                "none_business_income": "1",
                "none_property_income": "1",
                "none_business_expense": "1",
                "transfer_income": "480.00",
            },
            "rows": [
                {
                    "kind": "wage_income",
                    "item": "wage_away",
                    "quantity": "8",
                    "unit_price": "2600",
                    "coefficient_percent": "100",
                }
            ],
        },
        "living": {
            "values": dict.fromkeys(
                ("food", "clothing", "education", "medical", "housing", "water"), "1"
            )
            | {"arable_mu": "3.5", "toilet": "1", "road_type": "03", "housing_grade": "B"}
        },
        "causes": {"values": {"main_cause": "01", "other_causes": ["08", "02"], "needs": ["HEA"]}},
        "consent": {"values": {"consent_on": "2020-01-02", "way": "slip", "signer": "陈大山"}},
    }
    for name, replaced in steps.items():
        sound[name] = sound[name] | replaced
    return Content(
        {
            name: StepContent(0, one.get("values", {}), tuple(one.get("rows", ())))
            for name, one in sound.items()
        }
    )


def entry(number: str = "", village: str = make.VILLAGE, **steps: Mapping[str, Any]) -> Entry:
    """The entry of that content for 2019."""
    return Entry(village, 2019, number, content(**steps).steps)
