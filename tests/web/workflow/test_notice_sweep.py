"""A sweep over what anybody reads of exits and removals: the posters and the public pages.

Whatever the register and the case hold of people is seeded first, in words that stand nowhere else;
of a household its notice shows the householder, the group and the number of people alone.
"""

import re
from dataclasses import fields
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from exits.actions.opening import propose_removal
from households import codes
from households.models import Household
from households.models.households import BANK_FIELD, PHONE_FIELD
from households.rules import State
from officers.models import Officer
from tests import factories as make
from tests.pictures import photo
from tests.procedures import carry, open_for, sample_evidence, take
from tests.web.exits import listed
from trail.dates import business_date
from trail.sealing import seal
from workflow.actions import record_objection
from workflow.actions.attachments import attach
from workflow.errors import Incomplete
from workflow.machine import Kind
from workflow.models import Case, Notice
from workflow.procedures import machine_of

HEAD, SPOUSE, CHILD = "欧阳守义", "尉迟秀兰", "尉迟小满"
PHONE, BANK = "13987654321", "6228480402564890018"
ILLNESS, ADDRESS, SAID = "尿毒症", "柳树湾十七号", "邻居司马说他家有两辆小轿车"
WAGES, TRANSFERS = Decimal("23456.78"), Decimal("1987.65")
WORDS = [SPOUSE, CHILD, PHONE, BANK, ILLNESS, ADDRESS, "司马", "小轿车", "农业银行"]
CODED = [("health", "03"), ("cause", "01")]
KINDS = ["exit", "removal", "village_exit", "county_exit"]
NUMBERS = re.compile(r"[0-9]{15,19}|(?<![0-9])1[3-9][0-9]{9}(?![0-9])|[0-9]{3,}\*+|\*{2,}")


@pytest.fixture
def officers(cast) -> list[str]:
    """The names of all who could have acted, none of which a notice tells."""
    people = [getattr(cast, one.name) for one in fields(cast)]
    for place, officer in enumerate(people):
        Officer.objects.filter(pk=officer.pk).update(name=f"慕容经办{place:02d}")
        officer.refresh_from_db()
    return [officer.name for officer in people]


@pytest.fixture
def household(tree) -> Household:
    found = make.make_household(state=State.POOR, persons=3, main_cause="01", address=ADDRESS)
    found.phone_sealed = seal(PHONE, field=PHONE_FIELD, row=found.uuid)
    found.bank_account_sealed = seal(BANK, field=BANK_FIELD, row=found.uuid)
    found.bank_name, found.cause_text = "农业银行", f"户主{ILLNESS}"
    found.save()
    head, spouse, child = found.members.order_by("pk")
    for member, name in ((head, HEAD), (spouse, SPOUSE), (child, CHILD)):
        member.name, member.health = name, "03"
        member.save()
    make.make_survey(found, 2019, wage_income=WAGES, transfer_income=TRANSFERS)
    return found


@pytest.fixture
def posted(cast, calendar, officers, household):
    """The case of a kind on its notice, with an objection, free texts full of what is nobody's."""

    def one(kind: str) -> Case:
        case = PREPARED[kind](cast, household)
        clerk = cast.county_clerk
        record_objection(case.pk, by=clerk, received_on=business_date(), text=SAID + PHONE)
        return case

    return one


def told(case: Case, name: str) -> dict[str, str]:
    """Free texts of a step that name people, beside its place."""
    step = machine_of(case.kind).step(case.state, name)
    return {
        entry.name: f"{SPOUSE}、{ILLNESS}、{PHONE}"
        for entry in step.needs_evidence
        if entry.kind == Kind.TEXT and entry.name not in ("place", "visitors")
    }


def both_labels(field: str, code: str) -> list[str]:
    entry = codes.tables()[field][code]
    return [entry.zh, entry.en]


def stepped(case: Case, by: Officer, *names: str) -> None:
    for name in names:
        case.refresh_from_db()
        take(case, name, by=by, note=f"{SPOUSE}{ILLNESS}", **told(case, name))


def exit_of(cast, household):
    case = open_for(household, "exit", by=cast.county_clerk)
    stepped(case, cast.county_approver, "plan")
    stepped(case, cast.village_official, "appraise")
    stepped(case, cast.first_secretary, "verify")
    stepped(case, cast.village_official, "confirm", "post")
    return case


def removal_of(cast, household):
    reason = f"{ILLNESS}不实，{SAID}"
    case = propose_removal(household, by=cast.county_clerk, year=2019, reason=reason)
    attach(photo(), by=cast.county_clerk, division=case.division_id, subject_kind="case",
           subject_id=str(case.pk), purpose="check")  # fmt: skip
    stepped(case, cast.township_reviewer, "verify")
    stepped(case, cast.village_official, "appraise", "post")
    return case


def place_of(case, by, *names):
    for name in names:
        case.refresh_from_db()
        entries = sample_evidence(machine_of(case.kind).step(case.state, name)) | told(case, name)
        listed.ADVANCE[case.kind](
            case.pk, name, by=by, version=case.version, note=SAID, evidence=entries
        )
    case.refresh_from_db()


def village_of(cast, household):
    listed.ready_village()
    case = listed.proposed(cast.township_reviewer)
    place_of(case, cast.county_clerk, "verify")
    place_of(case, cast.township_reviewer, "post")
    return case


def county_of(cast, household):
    listed.eligible_county(cast)
    case = listed.proposed_county(cast.county_clerk)
    place_of(case, cast.city_reviewer, "review")
    place_of(case, cast.province_officer, "verify", "post")
    return case


PREPARED = {
    "exit": exit_of,
    "removal": removal_of,
    "village_exit": village_of,
    "county_exit": county_of,
}


def texts(client, signed_in, cast, case: Case) -> dict[str, str]:
    """Every page that shows the notice to anybody, in both languages and on both papers."""
    notice = case.notice_lines.get().notice
    by = cast.province_officer if case.kind == "county_exit" else cast.township_reviewer
    officer = signed_in(by)
    found = {}
    for language in ("zh-hans", "en"):
        place = ""
        for code in (case.division_id[:2], case.division_id[:4], case.division_id):
            place = reverse("pages:public_notices_of", args=[code]) + f"?lang={language}"
            found[place] = client.get(place).text
        assert machine_word(notice, language) in found[place]
        for paper in ("a3", "a4"):
            poster = f"{reverse('pages:notice_poster', args=[notice.pk])}?paper={paper}"
            page = officer.get(poster, headers={"Accept-Language": language})
            found[f"{poster} {language}"] = page.text.split("<main", 1)[1].split("<footer", 1)[0]
    return found


def machine_word(notice: Notice, language: str) -> str:
    """What the page calls the step that posted it, so that a page without the list is told."""
    with translation.override(language):
        step = next(one for one in machine_of(notice.kind).steps if one.name == notice.step)
        return str(translation.gettext(step.label))


@pytest.mark.parametrize("kind", KINDS)
def test_a_notice_of_an_exit_tells_nothing_of_anybody_but_its_columns(
    client, signed_in, cast, posted, officers, household, kind
):
    case = posted(kind)
    labels = {one for field, code in CODED for one in both_labels(field, code)}
    amounts = {f"{one:,.2f}" for one in (WAGES, TRANSFERS)} | {str(WAGES), str(TRANSFERS)}
    numbers = {one.number for one in Household.everywhere.all()}
    people = {one.person_number for one in household.members.all()}
    for address, text in texts(client, signed_in, cast, case).items():
        body = re.sub(r"<[^>]*>", " ", text)
        bare = re.sub(rf"{case.division_id}-[0-9]{{8}}-[0-9]+", "", body)
        leaked = [
            word for word in {*WORDS, *officers, *amounts, *numbers, *people, *labels}
            if word in bare
        ]  # fmt: skip
        assert not leaked, address
        assert not NUMBERS.search(bare), address
        assert "23456" not in bare.replace(",", ""), address


@pytest.mark.parametrize("kind", ["exit", "removal"])
def test_a_notice_of_a_household_shows_its_four_columns(client, signed_in, cast, posted, kind):
    case = posted(kind)
    for address, text in texts(client, signed_in, cast, case).items():
        assert (HEAD in text) is (not address.startswith("/public") or case.division_id in address)
    [line] = case.notice_lines.all()
    assert (line.serial, line.group, line.householder, line.people) == (1, "一组", HEAD, 3)


@pytest.mark.parametrize("kind", ["village_exit", "county_exit"])
def test_a_notice_of_a_place_names_nobody(client, signed_in, cast, posted, kind):
    case = posted(kind)
    for text in texts(client, signed_in, cast, case).values():
        assert HEAD not in text


def test_the_place_of_posting_brings_no_number_onto_the_page(cast, calendar, household):
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, "plan", "appraise", "verify", "confirm")
    with pytest.raises(Incomplete) as refusal:
        take(case, "post", by=cast.village_official, place=f"公示栏 {PHONE}")
    assert list(refusal.value.details["fields"]) == ["place"]
    assert not Notice.everywhere.exists()
