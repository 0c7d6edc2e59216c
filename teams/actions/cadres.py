"""Keeping the records of cadres: one person has one record, kept by the county where he serves."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from divisions.scope import require_within
from households.identity import Identity, InvalidNumber, read_identity
from officers.models import Officer
from officers.rights import require
from teams.models import Cadre, Unit
from teams.models.units import ID_FIELD, PHONE_FIELD
from teams.queries.cadres import LATELY, is_near
from teams.queries.serving import busy_until
from teams.refusals import EntryRefused, refuse_invalid
from teams.rights import FIELD, LINKERS, MANAGERS
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.sealing import blind, seal, unseal
from trail.transactions import retried

ID_LENGTH = 18
COLUMNS = (
    "name", "sex", "born", "education", "party_member_since", "working_since", "is_healthy",
    "unit_id", "title", "rank", "division_id", "account_id",
)  # fmt: skip


class RecordedAlready(Refused):
    """The county has a record of this person; `details["number"]` is its number."""

    code = "recorded_already"


@dataclass(frozen=True)
class CadreEntry:
    """What is entered about a person. An empty ID number or phone leaves what is on record."""

    name: str
    id_number: str = ""
    phone: str = ""
    education: str = ""
    party_member_since: date | None = None
    working_since: date | None = None
    is_healthy: bool | None = None
    unit: int | None = None
    title: str = ""
    rank: str = ""


@retried
@transaction.atomic
def record_cadre(entry: CadreEntry, *, by: Officer) -> Cadre:
    """Record a person at the officer's county, or take over the record that another county kept.

    Raises NotAllowed; RecordedAlready, naming the record of the own county; EntryRefused by field,
    also for somebody who serves elsewhere: it says until when, and not where.
    """
    county = require(by, *MANAGERS).division_id
    identity = _identity(entry.id_number)
    found = Cadre.everywhere.select_for_update().filter(id_blind=_blind(identity)).first()
    if found is not None:
        return _taken_over(found, entry, identity, county, by)
    cadre = Cadre(number=next_number(), division_id=county)
    _fill(cadre, entry, identity, by)
    _saved(cadre)
    record(by=by, action="record_cadre", subject=cadre, division=county, after=columns_of(cadre))
    return cadre


@retried
@transaction.atomic
def change_cadre(cadre: int, entry: CadreEntry, *, by: Officer, version: int) -> Cadre:
    """Change a record. Raises NotAllowed; Stale with what differs; EntryRefused by field."""
    row = _locked(cadre, by)
    if row.version != version:
        raise _stale(row, entry)
    identity = _identity(entry.id_number) if entry.id_number else None
    before = columns_of(row)
    _fill(row, entry, identity, by)
    _save_and_record(row, before, "change_cadre", by)
    return row


@retried
@transaction.atomic
def link_account(cadre: int, username: str, *, by: Officer) -> Cadre:
    """Say which account belongs to the person; an empty name takes the account away.

    Raises NotAllowed, also for one's own account; EntryRefused at "username".
    """
    row = Cadre.everywhere.select_for_update().get(pk=cadre)
    require(by, *LINKERS)
    require_within(by, row.division_id)
    if row.account_id == by.pk:
        raise NotAllowed(_("This is about yourself. Another officer must do it."), code="oneself")
    before = columns_of(row)
    row.account = _account(row, username.strip(), by) if username.strip() else None
    _save_and_record(row, before, "link_account", by)
    return row


@transaction.atomic
def reveal_cadre_phone(cadre: Cadre, *, by: Officer, reason: str) -> str:
    """The whole phone number; "" when none is known. Recorded first.

    Raises NotAllowed, also for somebody who left the officer's place long ago.
    """
    require(by, *FIELD)
    refuse_far(cadre, by=by)
    record(
        by=by,
        action="reveal_phone",
        subject=cadre,
        division=cadre.division_id,
        reason=reason,
    )
    if cadre.phone_sealed is None:
        return ""
    return unseal(cadre.phone_sealed, field=PHONE_FIELD, row=cadre.uuid)


def refuse_far(cadre: Cadre, *, by: Officer) -> None:
    """NotAllowed unless somebody is the concern of the officer's place now, or lately was."""
    if not is_near(by, cadre, business_date()):
        raise NotAllowed(
            _(
                "This person neither serves nor helps in your place, and did not in the last"
                " %(days)s days. Ask the county that keeps the record: %(county)s."
            )
            % {"days": LATELY.days, "county": cadre.division.name},
            code="outside_posting",
        )


def next_number() -> str:
    """A new number, C and eight digits, that no cadre ever had."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('teams_cadre_number')")
            number = f"C{cursor.fetchone()[0]:08d}"
        if not Cadre.everywhere.filter(number=number).exists():
            return number


def columns_of(cadre: Cadre) -> dict[str, Any]:
    """The columns of a record as the trace keeps them; what is sealed stays sealed."""
    plain = {
        name: value.isoformat() if isinstance(value := getattr(cadre, name), date) else value
        for name in COLUMNS
    }
    sealed = {"id_sealed": cadre.id_sealed, "phone_sealed": cadre.phone_sealed}
    return plain | {
        name: b64encode(bytes(value)).decode() if value else None for name, value in sealed.items()
    }


def _identity(text: str) -> Identity:
    """What an ID number says; EntryRefused at its field for anything else."""
    if not text:
        raise EntryRefused([("id_number", _("fill this in."))])
    try:
        identity = read_identity(text.strip(), today=business_date())
    except InvalidNumber as error:
        raise EntryRefused([("id_number", _(str(error)))]) from error
    if len(identity.number) != ID_LENGTH:
        text = _("this is a disability certificate. Enter the ID number.")
        raise EntryRefused([("id_number", text)])
    return identity


def _blind(identity: Identity) -> Any:
    return blind(identity.person, field=ID_FIELD)


def _taken_over(
    cadre: Cadre, entry: CadreEntry, identity: Identity, county: str, by: Officer
) -> Cadre:
    """The record of another county becomes this county's, unless the person serves there."""
    if cadre.division_id == county:
        text = _("This person is recorded already: %(name)s, %(number)s.")
        values = {"name": cadre.name, "number": cadre.number}
        raise RecordedAlready(text % values, details={"number": cadre.number})
    busy = busy_until(cadre)
    if busy.is_busy:
        text = (
            _("this person serves elsewhere until %(day)s. Record him after that day.")
            % {"day": busy.until}
            if busy.until
            else _("this person serves elsewhere, and no last day is known. Ask the person.")
        )
        raise EntryRefused([("id_number", text)])
    before = columns_of(cadre)
    cadre.division_id = county
    _fill(cadre, entry, identity, by)
    _save_and_record(cadre, before, "take_over_cadre", by)
    return cadre


def _locked(cadre: int, by: Officer) -> Cadre:
    row = Cadre.everywhere.select_for_update().get(pk=cadre)
    require(by, *MANAGERS, code=row.division_id)
    return row


def _fill(cadre: Cadre, entry: CadreEntry, identity: Identity | None, by: Officer) -> None:
    today = business_date()
    faults = [
        (name, _("this day lies in the future."))
        for name in ("party_member_since", "working_since")
        if (day := getattr(entry, name)) and day > today
    ]
    units = Unit.objects.visible_to(by).standing()
    if entry.unit and entry.unit != cadre.unit_id and not units.filter(pk=entry.unit).exists():
        faults.append(("unit", _("choose one of those offered.")))
    if faults:
        raise EntryRefused(faults)
    for name in ("education", "party_member_since", "working_since", "is_healthy"):
        setattr(cadre, name, getattr(entry, name))
    cadre.name, cadre.title = entry.name.strip(), entry.title.strip()
    cadre.unit_id, cadre.rank = entry.unit, entry.rank or cadre.rank
    if identity:
        cadre.id_sealed = seal(identity.number, field=ID_FIELD, row=cadre.uuid)
        cadre.id_blind = _blind(identity)
        cadre.born, cadre.sex = identity.birth_date, identity.sex
    if entry.phone:
        cadre.phone_sealed = seal(entry.phone, field=PHONE_FIELD, row=cadre.uuid)
    refuse_invalid(cadre)


def _save_and_record(cadre: Cadre, before: dict[str, Any], action: str, by: Officer) -> None:
    after = columns_of(cadre)
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return
    cadre.version += 1
    _saved(cadre)
    record(
        by=by,
        action=action,
        subject=cadre,
        division=cadre.division_id,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


def _saved(cadre: Cadre) -> None:
    """Save the record; EntryRefused when the same person was recorded in this moment."""
    try:
        with transaction.atomic():
            cadre.save()
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        text = _("somebody with this ID number is recorded already.")
        raise EntryRefused([("id_number", text)]) from error


def _account(cadre: Cadre, username: str, by: Officer) -> Officer:
    """The account of that name, if it can belong to the person."""
    here = Officer.objects.filter(home=cadre.division_id, is_active=True)
    account = here.filter(username__iexact=username).first()
    if account is None:
        text = _("no account with this user name is managed at this county.")
        raise EntryRefused([("username", text)])
    if account.pk == by.pk:
        raise NotAllowed(_("Another officer links your own account."), code="oneself")
    if account.name != cadre.name:
        text = _("this account belongs to %(name)s.")
        raise EntryRefused([("username", text % {"name": account.name})])
    other = Cadre.everywhere.filter(account=account).exclude(pk=cadre.pk).first()
    if other is not None:
        text = _("this account belongs to the record %(number)s.")
        raise EntryRefused([("username", text % {"number": other.number})])
    return account


def _stale(cadre: Cadre, entry: CadreEntry) -> Stale:
    """What the record says by now where the entry says something else; numbers stay unsaid."""
    rows: list[tuple[str, Any, Any]] = [
        (_("name"), entry.name, cadre.name),
        (_("education"), Cadre(education=entry.education).get_education_display(),
         cadre.get_education_display()),
        (_("full Party member since"), entry.party_member_since, cadre.party_member_since),
        (_("working since"), entry.working_since, cadre.working_since),
        (_("in good health"), entry.is_healthy, cadre.is_healthy),
        (_("sponsoring unit"), _unit_name(entry.unit), _unit_name(cadre.unit_id)),
        (_("position in the unit"), entry.title, cadre.title),
        (_("rank"), Cadre(rank=entry.rank).get_rank_display(), cadre.get_rank_display()),
    ]  # fmt: skip
    answers = {True: _("yes"), False: _("no"), None: _("not known")}
    return Stale(
        _("Somebody changed this record meanwhile. Compare, then send it again."),
        details={
            "differences": [
                {
                    "label": label,
                    "before": answers.get(before, before),
                    "after": answers.get(after, after),
                }
                for label, before, after in rows
                if before != after
            ]
        },
    )


def _unit_name(unit: int | None) -> str:
    return Unit.everywhere.get(pk=unit).name if unit else ""
