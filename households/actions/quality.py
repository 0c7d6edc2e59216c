"""Finding what is odd in the facts of households, and explaining it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from divisions.scope import in_range
from households.models import Household, QualityIssue, Survey
from households.models.issues import IssueState
from households.quality.facts import HouseholdFacts
from households.quality.judged import judged_by
from households.quality.reading import facts_of
from households.quality.rules import RULES, check
from households.quality.ruling import Hit
from households.rules import State
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused
from trail.rules import canonical
from trail.sealing import blind
from trail.transactions import retried
from workflow.actions import weigh_about
from workflow.errors import Incomplete

EXPLAINERS = (Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER, Role.COUNTY_CLERK)
TEXT_LENGTH = 200
AT_ONCE = 500
FACTS, FACTS_FIELD = "facts", "households.quality.facts"
Key = tuple[int, str, int | None]


@retried
@transaction.atomic
def recheck(households: Sequence[int], *, year: int) -> int:
    """Hold the rules against these households as they stand now; returns how many issues stand.

    A new finding opens an issue; one that is found no more is fixed; an explained one stays so
    while the facts that it rests on stay. The same facts again change nothing. Nothing is left to
    mend in a household that is cancelled or withdrawn, in no year. Whatever of a household changed
    is followed by this, so the cases about it are weighed here.
    """
    locked = Household.everywhere.select_for_update(no_key=True).filter(pk__in=list(households))
    everyone = list(locked.order_by("pk"))
    fix_gone([one.pk for one in everyone if _is_gone(one)])
    rows = [one for one in everyone if not _is_gone(one)]
    facts = facts_of(rows, year=year, today=business_date())
    found = {
        (one.pk, hit.rule, hit.person): _params(hit, facts[one.pk])
        for one in rows
        for hit in check(facts[one.pk])
    }
    standing = (
        QualityIssue.everywhere.select_for_update()
        .standing()
        .filter(household_id__in=[one.pk for one in rows], year=year)
    )
    known = {(one.household_id, one.rule, one.member_id): one for one in standing}
    _fix([issue for key, issue in known.items() if key not in found])
    places = {one.pk: one.village_id for one in rows}
    _follow([issue for key, issue in known.items() if key in found], found, places)
    fresh = {key: params for key, params in found.items() if key not in known}
    _open(fresh, {one.pk: one for one in rows}, year)
    weigh_about(one.number for one in everyone)
    return len(found)


def _is_gone(household: Household) -> bool:
    return household.withdrawn_at is not None or household.state == State.CANCELLED


def _params(hit: Hit, facts: HouseholdFacts) -> dict[str, Any]:
    """What fills the words, and a keyed digest of the facts that the finding rests on."""
    return {**hit.params, FACTS: blind(canonical(judged_by(hit, facts)), field=FACTS_FIELD).hex}


def _fix(issues: Iterable[QualityIssue]) -> None:
    gone = list(issues)
    for one in gone:
        one.state, one.fixed_at = IssueState.FIXED, timezone.now()
    QualityIssue.everywhere.bulk_update(gone, ["state", "fixed_at"], batch_size=AT_ONCE)


def _follow(
    issues: Iterable[QualityIssue], found: dict[Key, dict[str, Any]], places: dict[int, str]
) -> None:
    """An explanation holds for what it explained: other facts ask anew. Issues move along."""
    moved = []
    for one in issues:
        params = found[one.household_id, one.rule, one.member_id]
        village = places[one.household_id]
        if one.params != params or one.village_id != village:
            one.state = IssueState.OPEN if one.params != params else one.state
            one.params, one.village_id = params, village
            moved.append(one)
    QualityIssue.everywhere.bulk_update(moved, ["params", "state", "village"], batch_size=AT_ONCE)


def _open(fresh: dict[Key, dict[str, Any]], rows: dict[int, Household], year: int) -> None:
    editors = dict(
        Survey.objects.filter(household_id__in={key[0] for key in fresh}, year=year)
        .in_force()
        .values_list("household_id", "recorded_by_id")
    )
    QualityIssue.everywhere.bulk_create(
        (
            QualityIssue(
                household_id=household,
                village_id=rows[household].village_id,
                year=year,
                rule=rule,
                severity=RULES[rule].severity,
                member_id=person,
                field=f"{RULES[rule].step}.{RULES[rule].field}",
                params=params,
                editor_id=editors.get(household),
            )
            for (household, rule, person), params in fresh.items()
        ),
        batch_size=AT_ONCE,
    )


def fix_gone(households: Iterable[int]) -> None:
    """End what stands about households that are cancelled or withdrawn, of whatever year."""
    standing = QualityIssue.everywhere.standing().filter(household_id__in=households)
    standing.update(state=IssueState.FIXED, fixed_at=timezone.now())


def recheck_changed(households: Sequence[int]) -> None:
    """`recheck` in the latest surveyed year, and in every year in which something stands.

    For a household that was never surveyed, this year stands for the latest.
    """
    surveys = Survey.objects.filter(household_id__in=households).in_force().order_by("year")
    latest = dict(surveys.values_list("household_id", "year"))
    standing = QualityIssue.everywhere.standing().filter(household_id__in=households)
    wanted = {*standing.values_list("household_id", "year")}
    wanted |= {(key, latest.get(key, business_date().year)) for key in households}
    for year in sorted({year for _key, year in wanted}):
        recheck([key for key, of in sorted(wanted) if of == year], year=year)


def recheck_all(households: Sequence[int], *, year: int) -> int:
    """`recheck` part by part, each in its own transaction."""
    keys = sorted(households)
    return sum(
        recheck(keys[start : start + AT_ONCE], year=year) for start in range(0, len(keys), AT_ONCE)
    )


@transaction.atomic
def explain(issue_id: int, *, text: str, by: Officer) -> QualityIssue:
    """Say why a finding is right as it stands.

    Raises NotAllowed; Incomplete without words; Refused when it was mended meanwhile, or must be
    mended and cannot be explained.
    """
    issue = QualityIssue.everywhere.select_for_update().get(pk=issue_id)
    require(by, *EXPLAINERS, code=issue.village_id)
    if issue.state == IssueState.FIXED:
        raise Refused(_("This was mended meanwhile. Nothing is left to explain."), code="fixed")
    if issue.severity == 1:
        raise Refused(_("This cannot be explained: it must be mended."), code="must_mend")
    if not 0 < len(text.strip()) <= TEXT_LENGTH:
        fault = _("Write why, in at most 200 characters.")
        raise Incomplete(fault, details={"fields": {"explanation": fault}})
    issue.state, issue.explanation = IssueState.EXPLAINED, text.strip()
    issue.explained_by, issue.explained_at = by, timezone.now()
    issue.save(update_fields=["state", "explanation", "explained_by", "explained_at"])
    record(
        by=by,
        action="explain_issue",
        subject=issue,
        division=issue.village_id,
        after={"rule": issue.rule, "state": issue.state},
    )
    return issue


CURRENT = """
    SELECT household.id FROM households_household household
    WHERE household.village_code >= %s AND household.village_code < %s
        AND household.withdrawn_at IS NULL AND EXISTS (
            SELECT FROM households_survey survey WHERE survey.household_id = household.id
                AND survey.year = %s AND survey.withdrawn_at IS NULL)
    ORDER BY household.id
"""


def villages_in(division: str) -> list[str]:
    """The codes of the villages of a division, itself where it is one."""
    found = Division.objects.filter(in_range("code", division), level=Level.VILLAGE)
    return list(found.order_by("code").values_list("code", flat=True))


def recheck_village(village: str, *, year: int) -> tuple[int, int]:
    """`recheck` of all that was surveyed in a village; returns how many households and issues.

    Broken off, it is simply done again.
    """
    keys = surveyed_in(village, f"{village}:", year)
    return len(keys), recheck_all(keys, year=year)


def surveyed_in(low: str, high: str, year: int) -> list[int]:
    """The households of a range of village codes that were surveyed for the year."""
    with connection.cursor() as cursor:
        cursor.execute(CURRENT, [low, high, year])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [key for (key,) in rows]
