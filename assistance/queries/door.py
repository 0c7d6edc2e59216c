"""Plans and measures as the REST door reads them, within the posting of its client."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from assistance.models import Delivery, Item, ItemStatus, Plan
from officers.models import Officer

MONEY = DecimalField(max_digits=14, decimal_places=2)


def plans_at_door(officer: Officer) -> QuerySet[Plan]:
    """Plans with `measures` (how many), `planned` and `delivered` (yuan) of what stands in them."""
    items = Item.everywhere.filter(plan=OuterRef("pk")).standing().order_by().values("plan")
    return (
        Plan.objects.visible_to(officer)
        .select_related("household", "helper")
        .annotate(
            measures=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
            planned=_sum(items, "planned"),
            delivered=_sum(items, "delivered"),
        )
    )


def _sum(items: Any, name: str) -> Coalesce:
    total = Subquery(items.annotate(total=Sum(name)).values("total"), output_field=MONEY)
    return Coalesce(total, Value(Decimal(0)), output_field=MONEY)


def was_sent(client: Officer, reference: str) -> bool:
    """Whether the client sent a delivery under this reference before."""
    return Delivery.everywhere.filter(recorded_by=client, reference=reference).exists()


def items_at_door(officer: Officer) -> QuerySet[Item]:
    """Measures of plans, those that were taken out of a draft left away, with their deliveries."""
    return (
        Item.objects.visible_to(officer)
        .exclude(status=ItemStatus.DROPPED)
        .select_related("plan", "household", "member", "responsible")
        .prefetch_related("instalments", "deliveries")
    )
