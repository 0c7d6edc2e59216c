"""One measure of a plan: what was agreed and delivered, delivering, taking back, ending."""

import uuid
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assistance.actions.delivering import (
    CORRECTORS,
    add_proofs,
    record_delivery,
    withdraw_delivery,
)
from assistance.actions.ending import finish as finish_item
from assistance.actions.ending import stop as stop_item
from assistance.actions.instalments import set_instalments
from assistance.forms.delivering import (
    DeliveryForm,
    FinishForm,
    HowManyForm,
    InstalmentsForm,
    StopForm,
    WithdrawDeliveryForm,
)
from assistance.models import Delivery, DeliveryKind, Item
from assistance.progress_bar import progress_bar
from assistance.queries.due import pace_in
from assistance.queries.item_page import account_of
from assistance.queries.items import acts_on, agreed_of, parts_of, payees_of, visible_items
from assistance.rights import DELIVERERS
from assistance.rules.delivering import Part, equal_parts, evenly, next_due
from assistance.rules.planning import yuan
from assistance.views.acting import Page, act_page, item_of, offered
from officers.http import OfficerRequest
from trail.dates import business_date

USUAL_INSTALMENTS = 2


@require_safe
def page(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """A measure with its deliveries, instalments, and what is kept of it."""
    found, today = item_of(request, item), business_date()
    soon = pace_in(found.village_id, today.year).deliveries
    account = account_of(request.user, found, today=today, soon=soon)
    said = {"delivered": yuan(found.delivered), "planned": yuan(found.planned)}
    title = _("%(delivered)s of %(planned)s yuan delivered") % said
    ends = [one.part.amount for one in account.instalments]
    context = {
        "account": account,
        "item": found,
        "acts": acts_on(request.user, found, has_loan=account.loan is not None),
        "bar": progress_bar(title, found.delivered, found.planned, ends),
        "bar_title": title,
        "today": today,
        "may_deliver": request.user.acting_role in DELIVERERS,
        "may_correct": request.user.acting_role in CORRECTORS,
    }
    return render(request, "assistance/items/item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Record what was delivered, with photos."""
    found, today = item_of(request, item), business_date()
    if request.method != "POST":
        offered(acts_on(request.user, found, has_loan=False).deliver)
    due = next_due(agreed_of(found), parts_of(found))
    payees = payees_of(found, today)
    form = DeliveryForm(
        request.POST or None,
        request.FILES or None,
        payees=payees,
        initial={
            "day": today,
            "kind": DeliveryKind.CASH if due and due.amount else DeliveryKind.SERVICE,
            "amount": due.amount if due else 0,
            "payee": payees[0][0] if payees else "",
        },
    )

    def act() -> None:
        delivery = record_delivery(found.pk, form.entry(), by=request.user)
        uploads = [one.read() for one in form.cleaned_data["photos"]]
        for wrong in add_proofs(delivery.pk, uploads, by=request.user) if uploads else ():
            messages.warning(request, _("A file was not kept: %(why)s") % {"why": wrong})

    said = _("The delivery is recorded.")
    shown = Page(_("Record a delivery"), said, submit=_("Save the delivery"), more={"due": due})
    return act_page(request, found, form, act, shown)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OfficerRequest, delivery: uuid.UUID) -> HttpResponse:
    """Take a delivery back, asked once more with the reason."""
    items = visible_items(request.user).values("pk")
    visible = Delivery.objects.visible_to(request.user).filter(item__in=items)
    found = get_object_or_404(visible.select_related("item"), uuid=delivery)
    own = found.recorded_by_id == request.user.pk or request.user.acting_role in CORRECTORS
    offered(own and request.user.acting_role in DELIVERERS)
    form = WithdrawDeliveryForm(request.POST or None)

    def act() -> None:
        withdraw_delivery(found.pk, form.cleaned_data["reason"], by=request.user)

    shown = Page(
        _("Take a delivery back"),
        _("The delivery is taken back."),
        text=_("It stays on record as taken back and counts no more."),
        submit=_("Take it back"),
        more={"delivery": found},
    )
    return act_page(request, item_of(request, found.item.uuid), form, act, shown)


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Say that a measure is done."""
    found = item_of(request, item)
    offered(acts_on(request.user, found, has_loan=False).finish)
    form = FinishForm(
        request.POST or None, initial={"version": found.version, "day": business_date()}
    )

    def act() -> None:
        said = form.cleaned_data
        finish_item(found.pk, said["day"], by=request.user, version=said["version"])

    rest = found.planned - found.delivered
    text = ""
    if rest > 0:
        text = _("%(rest)s yuan of what was planned stay undelivered.") % {"rest": yuan(rest)}
    shown = Page(
        _("The measure is done"),
        _("The measure is done."),
        text=text,
        submit=_("Say that it is done"),
        version=found.version,
    )
    return act_page(request, found, form, act, shown)


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Stop a measure with the reason."""
    found = item_of(request, item)
    offered(acts_on(request.user, found, has_loan=False).stop)
    form = StopForm(
        request.POST or None, initial={"version": found.version, "day": business_date()}
    )

    def act() -> None:
        said = form.cleaned_data
        stop_item(found.pk, form.wanted(), by=request.user, version=said["version"])

    shown = Page(
        _("Stop the measure"),
        _("The measure is stopped."),
        text=_("What was delivered stays on record. Nothing is added to it any more."),
        version=found.version,
    )
    return act_page(request, found, form, act, shown)


@require_http_methods(["GET", "HEAD", "POST"])
def instalments(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Divide a measure into instalments; `number` in the address says into how many."""
    found, today = item_of(request, item), business_date()
    offered(acts_on(request.user, found, has_loan=False).plan)
    asked = HowManyForm(request.GET if "number" in request.GET else None)
    parts = _offered_parts(found, asked, today)
    form = InstalmentsForm(request.POST or None, parts=parts, initial={"version": found.version})

    def act() -> None:
        version = form.cleaned_data["version"]
        set_instalments(found.pk, form.parts(), by=request.user, version=version)

    shown = Page(
        _("Instalments"),
        _("The instalments are saved."),
        text=_("Deliveries fill them in their order. Empty all of them to have none."),
        submit=_("Save the instalments"),
        version=found.version,
        more={"asked": asked if not request.POST else None, "number": len(parts)},
    )
    answer = act_page(request, found, form, act, shown)
    if asked.errors and not request.POST:
        answer.status_code = 400
    return answer


def _offered_parts(item: Item, asked: HowManyForm, today: date) -> list[Part]:
    """The instalments that stand, or as many equal ones as are asked for."""
    standing = parts_of(item)
    number = asked.cleaned_data["number"] if asked.is_valid() else None
    if number is None and standing:
        return standing
    first = min(max(item.starts_on, today), item.due_on)
    days = evenly(first, item.due_on, number or USUAL_INSTALMENTS)
    return equal_parts(item.planned, days)
