"""What is kept of a measure beside its deliveries: loan, contracts of a post, move, course."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assistance.actions.courses import certify, record_course
from assistance.actions.loans import draw_loan, extend_loan, repay_loan
from assistance.actions.moves import limits_in, record_move
from assistance.actions.posts import end_contract, open_contract
from assistance.forms.kept import (
    CertificateForm,
    ContractForm,
    CourseForm,
    EndContractForm,
    ExtendLoanForm,
    LoanForm,
    MoveForm,
    RepayForm,
)
from assistance.models import Contract, Course, Item, Loan, Move
from assistance.queries.items import Acts, acts_on, credit_of, payees_of
from assistance.rights import DELIVERERS
from assistance.rules.planning import months_after, yuan
from assistance.views.acting import Page, act_page, item_of, offered
from officers.http import OfficerRequest
from teams.rules.terms import ONE_DAY
from trail.dates import business_date

TYPES = ["GET", "HEAD", "POST"]
USUAL_MONTHS = 12


def _acts(request: OfficerRequest, item: Item) -> Acts:
    return acts_on(request.user, item, has_loan=Loan.objects.filter(item=item).exists())


@require_http_methods(TYPES)
def loan(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Record that the loan of a measure was drawn."""
    found, today = item_of(request, item), business_date()
    if request.method != "POST":
        offered(_acts(request, found).draw)
    payees = payees_of(found, today)
    months = found.measure.most_months or USUAL_MONTHS
    initial = {
        "principal": found.planned,
        "drawn_on": today,
        "due_on": months_after(today, months),
        "payee": payees[0][0] if payees else "",
    }
    form = LoanForm(request.POST or None, payees=payees, initial=initial)

    def act() -> None:
        draw_loan(found.pk, form.drawing(), by=request.user)

    page = Page(_("Record the loan"), _("The loan is recorded."))
    return act_page(request, found, form, act, page)


@require_http_methods(TYPES)
def extend(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Extend a loan, once."""
    found = item_of(request, item)
    lent = get_object_or_404(Loan, item=found)
    offered(request.user.acting_role in DELIVERERS)
    form = ExtendLoanForm(request.POST or None, initial={"version": lent.version})

    def act() -> None:
        said = form.cleaned_data
        extend_loan(
            found.pk, said["extended_to"], said["reason"], by=request.user, version=said["version"]
        )

    text = _("It is due on %(day)s. A loan is extended once.") % {"day": lent.due_on}
    page = Page(_("Extend the loan"), _("The loan is extended."), text, version=lent.version)
    return act_page(request, found, form, act, page)


@require_http_methods(TYPES)
def repay(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Record what was paid back of a loan."""
    found, today = item_of(request, item), business_date()
    lent = get_object_or_404(Loan, item=found)
    offered(request.user.acting_role in DELIVERERS)
    owed = credit_of(lent).owed
    initial = {"version": lent.version, "day": today, "amount": owed}
    form = RepayForm(request.POST or None, initial=initial)

    def act() -> None:
        said = form.cleaned_data
        repay_loan(found.pk, said["day"], said["amount"], by=request.user, version=said["version"])

    text = _("%(owed)s yuan are owed. With the last of it the measure is done.")
    page = Page(
        _("Record a repayment"),
        _("The repayment is recorded."),
        text % {"owed": yuan(owed)},
        version=lent.version,
    )
    return act_page(request, found, form, act, page)


@require_http_methods(TYPES)
def contract(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Record a contract of a post."""
    found, today = item_of(request, item), business_date()
    if request.method != "POST":
        offered(_acts(request, found).contract)
    months = found.measure.most_months or USUAL_MONTHS
    initial = {"starts_on": today, "last_day": months_after(today, months) - ONE_DAY}
    form = ContractForm(request.POST or None, initial=initial)

    def act() -> None:
        open_contract(found.pk, form.hiring(), by=request.user)

    page = Page(_("Record a contract"), _("The contract is recorded."))
    return act_page(request, found, form, act, page)


@require_http_methods(TYPES)
def contract_end(request: OfficerRequest, item: uuid.UUID, contract: int) -> HttpResponse:
    """End a contract early."""
    found = item_of(request, item)
    post = get_object_or_404(Contract, item=found, pk=contract)
    offered(request.user.acting_role in DELIVERERS)
    initial = {"version": post.version, "last_day": business_date()}
    form = EndContractForm(request.POST or None, initial=initial)

    def act() -> None:
        said = form.cleaned_data
        end_contract(
            post.pk, said["last_day"], said["reason"], by=request.user, version=said["version"]
        )

    text = _("%(job)s at %(employer)s until %(day)s. One that has not begun is dropped.")
    page = Page(
        _("End the contract"),
        _("The contract is ended."),
        text % {"job": post.job, "employer": post.employer, "day": post.last_day},
        version=post.version,
    )
    return act_page(request, found, form, act, page)


@require_http_methods(TYPES)
def move(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Record a relocation, or what is new of it."""
    found = item_of(request, item)
    offered(_acts(request, found).move)
    known = Move.objects.filter(item=found).first()
    initial = {"version": 0}
    if known:
        names = ("site", "area_m2", "persons", "own_debt", "moved_in_on", "old_house_gone_on")
        initial = {name: getattr(known, name) for name in (*names, "version")}
    form = MoveForm(request.POST or None, initial=initial)

    def act() -> None:
        record_move(found.pk, form.home(), by=request.user, version=form.cleaned_data["version"])

    limits = limits_in(found.village_id, found.plan.year)
    text = _("At most %(area)s m² a person, and %(debt)s yuan of debt for the household.")
    page = Page(
        _("Record the relocation"),
        _("The relocation is recorded."),
        text % {"area": limits.area, "debt": f"{limits.debt:,}"},
        version=initial["version"],
    )
    return act_page(request, found, form, act, page)


@require_http_methods(TYPES)
def course(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Record the course of a measure, or correct it."""
    found = item_of(request, item)
    offered(_acts(request, found).course)
    known = Course.objects.filter(item=found).first()
    initial = {"version": 0}
    if known:
        names = ("subject", "first_day", "last_day", "version")
        initial = {name: getattr(known, name) for name in names}
    form = CourseForm(request.POST or None, initial=initial)

    def act() -> None:
        record_course(
            found.pk, form.taught(), by=request.user, version=form.cleaned_data["version"]
        )

    page = Page(_("Record the course"), _("The course is recorded."), version=initial["version"])
    return act_page(request, found, form, act, page)


@require_http_methods(TYPES)
def certificate(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Record the certificate of a course."""
    found = item_of(request, item)
    known = get_object_or_404(Course, item=found)
    offered(request.user.acting_role in DELIVERERS)
    initial = {
        "version": known.version,
        "certificate": known.certificate,
        "certified_on": known.certified_on or max(known.last_day, business_date()),
    }
    form = CertificateForm(request.POST or None, initial=initial)

    def act() -> None:
        said = form.cleaned_data
        certify(
            found.pk,
            said["certificate"],
            said["certified_on"],
            by=request.user,
            version=said["version"],
        )

    page = Page(
        _("Record the certificate"),
        _("The certificate is recorded."),
        f"{known.subject} · {known.first_day} – {known.last_day}",
        version=known.version,
    )
    return act_page(request, found, form, act, page)
