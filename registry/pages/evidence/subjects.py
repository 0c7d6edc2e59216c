"""What evidence can belong to: who may see it, who may add to it, and what it can show."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance.models import Delivery
from assistance.queries.items import visible_items
from assistance.rights import DELIVERERS
from households.actions.evidence import last_act
from households.entry import fields
from households.entry.drafts import DRAFTERS
from households.models import Draft
from households.queries import visible_households
from households.rights import reads_names
from officers.models import Officer
from officers.rules import Role
from registry.pages.places import CASE_ROLES
from teams.queries.grades import closed_books
from teams.queries.visits import own_or_visible, reads_text
from teams.rights import VISITORS
from workflow.actions.attachments import PROVERS
from workflow.models import Attachment, Case, Notice
from workflow.models.attachments import CASE, DELIVERY, DRAFT, HOUSEHOLD, NOTICE, VISIT

Purposes = Mapping[str, str | Promise]
OTHER = "other"
FIELD_PURPOSES: dict[str, Promise] = {
    "consent": _("Signature of consent"),
    "form": _("Signed registration form"),
    **{
        name: one.label
        for step in (fields.INCOMES, fields.LIVING)
        for name, one in fields.BY_STEP[step].items()
        if step == fields.INCOMES or name in fields.GUARANTEES
    },
    OTHER: _("Something else"),
}
CASE_PURPOSES: dict[str, Promise] = {
    "visit": _("Visit"),
    "comparison": _("Answer of a department"),
    "appraisal": _("Appraisal meeting and its minutes"),
    "check": _("Check on site"),
    "proof": _("Proof of a change"),
    "signature": _("Signature of the household"),
    OTHER: _("Something else"),
}
NOTICE_PURPOSES: dict[str, Promise] = {
    "posting": _("Notice as posted"),
    "taking_down": _("Notice as taken down"),
}
VISIT_PURPOSES: dict[str, Promise] = {"visit": _("Visit"), OTHER: _("Something else")}
DELIVERY_PURPOSES: dict[str, Promise] = {
    "proof": _("Proof of the delivery"),
    "receipt": _("Receipt or transfer slip"),
    "signature": _("Signature of the receiver"),
    OTHER: _("Something else"),
}


@dataclass(frozen=True)
class Subject:
    """Something that evidence belongs to, as an officer reaches it."""

    kind: str
    key: str
    division: str
    year: int | None
    title: str
    back: str
    purposes: Purposes
    may_add: bool

    @property
    def url(self) -> str:
        """The page of its evidence."""
        return reverse("pages:evidence", args=[self.kind, self.key])


def subject_of(officer: Officer, kind: str, key: str) -> Subject:
    """The subject within the officer's reach, else 404."""
    if kind not in SUBJECTS or not reads_names(officer):
        raise Http404
    found = SUBJECTS[kind](officer, key)
    if found is None:
        raise Http404
    return found


def _draft(officer: Officer, key: str) -> Subject | None:
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        return None
    if officer.acting_role not in DRAFTERS:
        return None
    drafts = Draft.objects.visible_to(officer).open()
    draft = drafts.filter(uuid=wanted).first()
    if draft is None:
        return None
    return Subject(
        DRAFT,
        str(draft.uuid),
        draft.village_id,
        draft.year,
        draft.householder,
        reverse("registering:tasks", args=[draft.uuid]),
        FIELD_PURPOSES,
        may_add=True,
    )


def _household(officer: Officer, key: str) -> Subject | None:
    household = visible_households(officer).filter(number=key).first()
    if household is None:
        return None
    return Subject(
        HOUSEHOLD,
        household.number,
        household.village_id,
        None,
        household.number,
        reverse("pages:household", args=[household.number]),
        FIELD_PURPOSES,
        may_add=officer.acting_role in (Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER),
    )


def _case(officer: Officer, key: str) -> Subject | None:
    if officer.acting_role not in CASE_ROLES or not key.isdecimal():
        return None
    found = Case.objects.visible_to(officer).exclude(closed_books(officer))
    case = found.filter(pk=int(key[:18])).first()
    return case_subject(officer, case) if case else None


def case_subject(officer: Officer, case: Case) -> Subject:
    """A case that the officer reaches, as a subject of evidence."""
    return Subject(
        CASE,
        str(case.pk),
        case.division_id,
        None,
        case.subject,
        reverse("pages:case", args=[case.pk]),
        CASE_PURPOSES,
        may_add=case.closed_at is None and officer.acting_role in PROVERS,
    )


def _notice(officer: Officer, key: str) -> Subject | None:
    if officer.acting_role not in CASE_ROLES or not key.isdecimal():
        return None
    notice = Notice.objects.visible_to(officer).filter(pk=int(key[:18])).first()
    if notice is None:
        return None
    return Subject(
        NOTICE,
        str(notice.pk),
        notice.division_id,
        None,
        str(_("Notice %(number)s") % {"number": notice.pk}),
        reverse("pages:notice", args=[notice.pk]),
        NOTICE_PURPOSES,
        may_add=officer.acting_role in PROVERS,
    )


def _visit(officer: Officer, key: str) -> Subject | None:
    """Photos of a visit are for who reads its words; its visitor adds some while it stands."""
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        return None
    visit = own_or_visible(officer).filter(uuid=wanted).select_related("household").first()
    if visit is None or not reads_text(officer, visit):
        return None
    own = visit.visitor_id == officer.pk and officer.acting_role in VISITORS
    return Subject(
        VISIT,
        str(visit.uuid),
        visit.village_id,
        visit.day.year,
        visit.household.number,
        reverse("teams:visit", args=[visit.uuid]),
        VISIT_PURPOSES,
        may_add=own and visit.withdrawn_at is None,
    )


def _delivery(officer: Officer, key: str) -> Subject | None:
    """Proofs of a delivery are for who reads its measure; who delivers there adds some."""
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        return None
    visible = Delivery.objects.visible_to(officer).filter(item__in=visible_items(officer))
    delivery = visible.filter(uuid=wanted).select_related("item__measure").first()
    if delivery is None:
        return None
    return Subject(
        DELIVERY,
        str(delivery.uuid),
        delivery.village_id,
        delivery.day.year,
        str(delivery.item.measure.name),
        reverse("assistance:item", args=[delivery.item.uuid]),
        DELIVERY_PURPOSES,
        may_add=officer.acting_role in DELIVERERS and delivery.withdrawn_at is None,
    )


SUBJECTS: dict[str, Callable[[Officer, str], Subject | None]] = {
    DRAFT: _draft,
    HOUSEHOLD: _household,
    CASE: _case,
    NOTICE: _notice,
    VISIT: _visit,
    DELIVERY: _delivery,
}


@dataclass(frozen=True)
class Shown:
    """One file as a page lists it. `used_before` counts other places of the very same photo."""

    attachment: Attachment
    purpose: str | Promise
    used_before: int
    may_take_away: bool

    @property
    def is_photo(self) -> bool:
        """Whether a browser shows it in the page."""
        return self.attachment.width is not None


def files_of(officer: Officer, subject: Subject) -> list[Shown]:
    """The standing files of a subject: the latest year first, then by purpose, as added."""
    visible = Attachment.objects.visible_to(officer).of(subject.kind, subject.key)
    found = sorted(
        visible.select_related("added_by"), key=lambda one: (-(one.year or 0), one.purpose, one.pk)
    )
    own = {one.pk for one in found if subject.may_add and one.added_by_id == officer.pk}
    rested = last_act(subject.key) if subject.kind == CASE and own else None
    before: dict[str, int] = {}
    for digest in _digests(officer, found):
        before[digest] = before.get(digest, 0) + 1
    return [
        Shown(
            one,
            subject.purposes.get(one.purpose, one.purpose),
            before.get(one.digest, 1) - 1,
            one.pk in own and (rested is None or one.added_at > rested),
        )
        for one in found
    ]


def _digests(officer: Officer, found: list[Attachment]) -> Any:
    """The digests of these photos wherever the officer may see them."""
    same = Attachment.objects.visible_to(officer).standing()
    return same.filter(digest__in={one.digest for one in found}).values_list("digest", flat=True)
