"""Asset income that was shared out: by distribution, by household and year, by place."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from assistance.models import Distribution, Item, Transfer
from assistance.models.villages import DistributionQuerySet
from assistance.queries.own import own_households
from assistance.queries.villages import people_of, reads_served
from divisions.models import DIGITS, Division, Level
from households.models import Household
from households.rights import shown_counts
from households.suppression import Key, total
from officers.models import Officer
from officers.rules import Role
from trail.sheets import Sheet


def visible_distributions(officer: Officer) -> DistributionQuerySet:
    """The distributions in the officer's scope, those that were taken back, too."""
    return Distribution.objects.visible_to(officer).select_related("item__measure", "village")


def distributions_of(item: Item) -> QuerySet[Distribution]:
    """The distributions of a measure, the latest first, with the number of households."""
    found = Distribution.everywhere.filter(item=item).annotate(households=Count("transfers"))
    return found.order_by("-paid_on", "-pk")


@dataclass(frozen=True)
class Line:
    """The part of a household with its head."""

    transfer: Transfer
    household: Household
    head: str


def lines_of(officer: Officer, found: Distribution) -> list[Line]:
    """The parts of a distribution by household number, for who reads names; two queries.

    A helper reads those of the households that he answers for today.
    """
    if not reads_served(officer):
        return []
    transfers = found.transfers.select_related("household").order_by("household__number", "kind")
    if officer.acting_role == Role.HELPER:
        transfers = transfers.filter(household__in=own_households(officer))
    rows = list(transfers)
    people = people_of({one.household_id for one in rows})
    return [
        Line(
            one, one.household, people[one.household_id].head if one.household_id in people else ""
        )
        for one in rows
    ]


def standing_transfers() -> QuerySet[Transfer]:
    """The parts of all distributions that were not taken back."""
    return Transfer.objects.filter(distribution__withdrawn_at=None)


def asset_income_of(household: Household) -> list[tuple[int, Decimal]]:
    """What a household in the caller's scope got, by the year of the income, the latest first."""
    found = standing_transfers().filter(household=household).values("distribution__year")
    rows = found.annotate(amount=Sum("amount")).order_by("-distribution__year")
    return [(row["distribution__year"], row["amount"]) for row in rows]


@dataclass(frozen=True)
class Total:
    """Who got how much of a year: a household with its head, in how many distributions."""

    household: Household
    head: str
    parts: int
    amount: Decimal


@dataclass(frozen=True)
class PlaceTotal:
    """What was shared out in a place in a year, in yuan, to how many households.

    The text is how the role may see them; a role without names reads no sums of few.
    """

    division: Division
    distributions: int
    households: str
    total: Decimal | None
    kept: Decimal | None

    @property
    def paid(self) -> Decimal | None:
        """What reached households."""
        if self.total is None or self.kept is None:
            return None
        return self.total - self.kept


@dataclass(frozen=True)
class Income:
    """The asset income of a place and year: its sum, and the places right below.

    A village has none below; its households are `totals_of`.
    """

    whole: PlaceTotal
    parts: list[PlaceTotal]


def asset_income(officer: Officer, place: Division, year: int) -> Income:
    """The asset income of a place in the officer's posting, of the income of a year."""
    found = Distribution.objects.visible_to(officer).standing().within(place.pk).filter(year=year)
    digits = DIGITS[Level(min(place.level + 1, Level.VILLAGE))]
    by_place = found.order_by().annotate(part=Left("village_id", digits)).values("part")
    sums = {
        row["part"]: row for row in by_place.annotate(n=Count("pk"), t=Sum("total"), k=Sum("kept"))
    }
    served = by_place.annotate(n=Count("transfers__household", distinct=True))
    counts: dict[Key, int] = {row["part"]: row["n"] for row in served}
    if place.level < Level.VILLAGE:
        counts[place.pk] = sum(counts.values())
    shown = shown_counts(officer, counts, [total(place.pk, sums)] if counts else [])
    names = Division.objects.in_bulk(sums)

    def row(division: Division, number: int, whole: Decimal, kept: Decimal) -> PlaceTotal:
        is_hidden = shown.is_hidden(division.pk)
        return PlaceTotal(
            division,
            number,
            shown.text(division.pk),
            None if is_hidden else whole,
            None if is_hidden else kept,
        )

    every = sums.values()
    return Income(
        row(
            place,
            sum(one["n"] for one in every),
            sum((one["t"] for one in every), Decimal(0)),
            sum((one["k"] for one in every), Decimal(0)),
        ),
        [
            row(names[code], sums[code]["n"], sums[code]["t"], sums[code]["k"])
            for code in sorted(sums)
        ]
        if place.level < Level.VILLAGE
        else [],
    )


def totals_of(officer: Officer, village: str, year: int) -> list[Total]:
    """What each household of a village got of the income of a year, for who reads names."""
    if not reads_served(officer):
        return []
    found = standing_transfers().filter(distribution__village=village, distribution__year=year)
    if officer.acting_role == Role.HELPER:
        found = found.filter(household__in=own_households(officer))
    sums = found.order_by().values("household").annotate(n=Count("pk"), amount=Sum("amount"))
    by_household = {row["household"]: row for row in sums}
    households = Household.everywhere.filter(pk__in=by_household).order_by("number")
    people = people_of(by_household)
    return [
        Total(
            one,
            people[one.pk].head if one.pk in people else "",
            by_household[one.pk]["n"],
            by_household[one.pk]["amount"],
        )
        for one in households
    ]


def income_sheet(officer: Officer, place: Division, year: int) -> Sheet:
    """The asset income of a place and year as a table: by place, in a village by household."""
    about = [(_("Place"), f"{place.pk} {place.name}"), (_("Year of the income"), str(year))]
    if place.level == Level.VILLAGE:
        return Sheet(
            title=_("Asset income by household"),
            headings=[_("Household number"), _("Head"), _("Distributions"), _("Amount (yuan)")],
            rows=[
                (one.household.number, one.head, one.parts, one.amount)
                for one in totals_of(officer, place.pk, year)
            ],
            about=about,
        )
    income = asset_income(officer, place, year)
    headings = [
        _("Code"), _("Place"), _("Distributions"), _("Households"), _("Sum (yuan)"),
        _("Stays with the village (yuan)"),
    ]  # fmt: skip
    return Sheet(
        title=_("Asset income by place"),
        headings=headings,
        rows=[
            (
                one.division.pk,
                one.division.name,
                one.distributions,
                number_or_text(one.households),
                one.total,
                one.kept,
            )
            for one in (*income.parts, income.whole)
        ],
        about=about,
    )


def number_or_text(shown: str) -> str | int:
    """A count as a role sees it, for a file: the number, or the word in its place."""
    plain = shown.replace(",", "")
    return int(plain) if plain.isdecimal() else shown
