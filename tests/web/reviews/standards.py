"""What the tests of standards share: a draft, what is typed into its form, and the addresses."""

from decimal import Decimal

from django.urls import reverse

from households.models import Standard
from households.rules import GUARANTEES
from reviews.actions.standards import Content

HIGHER = Content(2019, Decimal(4500), Decimal(6000), GUARANTEES, "省政府公告")
TYPED = {
    "year": "2019",
    "line": "4,500",
    "monitoring_line": "6000.50",
    "guarantees": ["food", "water"],
    "source": "省政府公告第8号",
}
LIST = "/standards/"


def at(standard: Standard, act: str = "standard") -> str:
    return reverse(f"standards:{act}", args=[standard.pk])


def text(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()
