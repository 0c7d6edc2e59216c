"""Training of a person: the course, and the certificate that he got."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assistance.actions.items import begin, end, locked, locked_live, refuse_stale, save, trace
from assistance.models import Course, ItemStatus
from assistance.queries.items import agreed_of, begun_of
from assistance.refusals import refuse
from assistance.rules.delivering import Extra, extra_of, is_complete
from officers.models import Officer
from teams.refusals import EntryRefused, refuse_invalid
from trail.dates import business_date
from trail.errors import Refused
from trail.transactions import retried
from workflow.machine import Fault, gettext_noop


@dataclass(frozen=True)
class Taught:
    """A course: what, from when to when."""

    subject: str
    first_day: date
    last_day: date


@retried
@transaction.atomic
def record_course(item_id: int, taught: Taught, *, by: Officer, version: int) -> Course:
    """Record the course of a measure, or correct it. `version` is 0 for the first time.

    Raises NotAllowed, Stale; Refused for another kind of measure or one that is not live;
    EntryRefused, also for a course that begins before the measure was agreed or in days to come.
    """
    item = locked_live(item_id, by=by)
    if extra_of(item.measure.terms) != Extra.COURSE:
        raise Refused(_("This measure is no training."), code="no_course")
    course = Course.objects.select_for_update().filter(item=item).first()
    refuse_stale(version, course.version if course else 0)
    agreed, today, faults = agreed_of(item), business_date(), []
    if taught.last_day < taught.first_day:
        faults.append(Fault(gettext_noop("The last day lies before the first."), field="last_day"))
    if taught.first_day > today:
        text = gettext_noop("The day lies ahead. Record it when it has come.")
        faults.append(Fault(text, field="first_day"))
    elif agreed.agreed_on is not None and taught.first_day < agreed.agreed_on:
        text = gettext_noop("The measure was agreed on %(day)s. No course begins before.")
        faults.append(Fault(text, {"day": agreed.agreed_on}, "first_day"))
    if course and course.certified_on and course.certified_on < taught.last_day:
        text = gettext_noop("The certificate is of %(day)s: the course ended by then.")
        faults.append(Fault(text, {"day": course.certified_on}, "last_day"))
    refuse(faults)
    before = _told(course) if course else None
    course = course or Course(item=item, version=0)
    course.subject, course.first_day = taught.subject.strip(), taught.first_day
    course.last_day = taught.last_day
    course.version += 1
    refuse_invalid(course)
    course.save()
    begin(item)
    begun = begun_of(item)
    day = max(one for one in (begun.last_delivery, taught.last_day) if one is not None)
    if day <= today and is_complete(agreed, begun, day):
        end(item, ItemStatus.DONE, day, begun)
    save(item)
    trace(item, "record_course", by=by, before=before, after=_told(course))
    return course


@retried
@transaction.atomic
def certify(item_id: int, certificate: str, day: date, *, by: Officer, version: int) -> Course:
    """Record the certificate of a course, also when its measure is done.

    Raises NotAllowed, Stale; Refused without a course; EntryRefused for a day before the end of
    the course or ahead.
    """
    item = locked(item_id, by=by)
    course = Course.objects.select_for_update().filter(item=item).first()
    if course is None:
        raise Refused(_("Record the course first."), code="no_course")
    refuse_stale(version, course.version)
    if not certificate.strip():
        raise EntryRefused([("certificate", _("Write which certificate it is."))])
    if not course.last_day <= day <= business_date():
        text = _("Choose a day from the end of the course on, %(day)s, and not ahead.")
        raise EntryRefused([("certified_on", text % {"day": course.last_day})])
    before = _told(course)
    course.certificate, course.certified_on = certificate.strip(), day
    course.version += 1
    refuse_invalid(course)
    course.save(update_fields=["certificate", "certified_on", "version"])
    trace(item, "certify_course", by=by, before=before, after=_told(course))
    return course


def _told(course: Course) -> dict[str, str]:
    return {
        "first_day": course.first_day.isoformat(),
        "last_day": course.last_day.isoformat(),
        "certified_on": str(course.certified_on or ""),
    }
