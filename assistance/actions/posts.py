"""Public-benefit posts: contracts opened and ended."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assistance.actions.items import begin, locked, locked_live, refuse_stale, save, trace
from assistance.models import Contract, Item
from assistance.queries.items import agreed_of, person_of
from assistance.queries.posts import contracts_of_person
from assistance.refusals import refuse
from assistance.rules.delivering import Extra, extra_of, person_fault
from assistance.rules.posts import age_fault, ages_of, length_fault, years_fault
from households.models import Member
from officers.models import Officer
from teams.refusals import EntryRefused, refuse_invalid
from teams.rules.terms import Span
from trail.dates import business_date
from trail.errors import Refused
from trail.transactions import retried
from workflow.machine import Fault, gettext_noop
from workflow.parameters import CONTRACT_MOST_YEARS
from workflow.queries import parameter

AHEAD = timedelta(days=92)
"""A contract is written down at most so long before it begins."""


@dataclass(frozen=True)
class Hiring:
    """A contract as it was signed; `monthly_pay` in yuan."""

    employer: str
    job: str
    starts_on: date
    last_day: date
    monthly_pay: Decimal


@retried
@transaction.atomic
def open_contract(item_id: int, hiring: Hiring, *, by: Officer) -> Contract:
    """Record a contract of the person of a measure.

    Raises NotAllowed; Refused for another kind of measure, one that is not live, and for a person
    who holds a post in these days ("double_post"), naming it; EntryRefused for ages, the length of
    the contract and the years in posts.
    """
    item = locked_live(item_id, by=by)
    if extra_of(item.measure.terms) != Extra.POST or item.member is None:
        raise Refused(_("This measure is no post."), code="no_post")
    member = _locked_person(item.member)
    days = Span(hiring.starts_on, hiring.last_day)
    if hiring.last_day < hiring.starts_on:
        raise EntryRefused([("last_day", _("The last day lies before the first."))])
    others = contracts_of_person(member)
    _refuse_double(others, days)
    refuse(_faults(item, member, days, [Span(one.starts_on, one.last_day) for one in others]))
    contract = Contract(
        item=item,
        member=member,
        employer=hiring.employer.strip(),
        job=hiring.job.strip(),
        starts_on=hiring.starts_on,
        last_day=hiring.last_day,
        monthly_pay=hiring.monthly_pay,
    )
    refuse_invalid(contract)
    try:
        with transaction.atomic():
            contract.save(force_insert=True)
    except IntegrityError as error:
        _refuse_double(contracts_of_person(member), days)
        raise Refused(
            _("This person has a post in these days already."), code="double_post"
        ) from error
    if hiring.starts_on <= business_date():
        begin(item)
    save(item)
    trace(item, "open_contract", by=by, after=_told(contract) | {"status": item.status})
    return contract


def _locked_person(member: Member) -> Member:
    """The membership as it is now; all memberships of the person are locked until the end."""
    same = Member.objects.filter(pk=member.pk)
    if member.id_blind is not None:
        same = Member.objects.filter(id_blind=member.id_blind)
    locked_ones = {one.pk: one for one in same.select_for_update().order_by("pk")}
    return locked_ones[member.pk]


def _refuse_double(others: list[Contract], days: Span) -> None:
    for one in others:
        if Span(one.starts_on, one.last_day).meets(days):
            values = {
                "job": one.job,
                "employer": one.employer,
                "first": one.starts_on,
                "last": one.last_day,
            }
            raise Refused(
                _(
                    "This person has a post already: %(job)s at %(employer)s from %(first)s to"
                    " %(last)s. Nobody holds two at a time; end that one first."
                )
                % values,
                code="double_post",
            )


def _faults(item: Item, member: Member, days: Span, others: list[Span]) -> list[Fault | None]:
    agreed, today = agreed_of(item), business_date()
    found: list[Fault | None] = []
    if agreed.agreed_on is not None and days.first < agreed.agreed_on:
        text = gettext_noop("The measure was agreed on %(day)s. No contract begins before.")
        found.append(Fault(text, {"day": agreed.agreed_on}, "starts_on"))
    if days.first > today + AHEAD:
        text = gettext_noop("A contract is recorded at most three months before it begins.")
        found.append(Fault(text, field="starts_on"))
    person = person_of(member)
    years = int(parameter(CONTRACT_MOST_YEARS, item.village_id, days.first.year))
    return [
        *found,
        person_fault(person, days.first, "starts_on") if person else None,
        age_fault(member.birth_date, ages_of(item.measure.conditions), days),
        length_fault(days, item.measure.most_months),
        years_fault(days, others, years),
    ]


@retried
@transaction.atomic
def end_contract(
    contract_id: int, last_day: date, reason: str, *, by: Officer, version: int
) -> Contract | None:
    """End a contract early, on its new last day; one that did not begin yet is dropped (None).

    Raises NotAllowed, Stale; Refused for one that is over; EntryRefused without a reason, for a
    day ahead of the agreed end, or before the first.
    """
    seen = Contract.objects.get(pk=contract_id)
    item = locked(seen.item_id, by=by)
    contract = Contract.objects.select_for_update().get(pk=contract_id)
    refuse_stale(version, contract.version)
    today = business_date()
    if contract.last_day < today:
        raise Refused(
            _("This contract ended on %(day)s.") % {"day": contract.last_day}, code="over"
        )
    if not reason.strip():
        raise EntryRefused([("reason", _("Say why."))])
    before = _told(contract)
    if contract.starts_on > today:
        contract.delete()
        save(item)
        trace(item, "drop_contract", by=by, before=before, after={}, reason=reason.strip())
        return None
    if not contract.starts_on <= last_day < contract.last_day:
        text = _("Choose a day from %(first)s on, before %(last)s.")
        values = {"first": contract.starts_on, "last": contract.last_day}
        raise EntryRefused([("last_day", text % values)])
    contract.last_day, contract.ended_early = last_day, reason.strip()
    contract.version += 1
    refuse_invalid(contract)
    contract.save(update_fields=["last_day", "ended_early", "version"])
    save(item)
    trace(item, "end_contract", by=by, before=before, after=_told(contract), reason=reason.strip())
    return contract


def _told(contract: Contract) -> dict[str, str]:
    return {
        "starts_on": contract.starts_on.isoformat(),
        "last_day": contract.last_day.isoformat(),
        "monthly_pay": str(contract.monthly_pay),
    }
