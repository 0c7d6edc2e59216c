from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from divisions.models import Division
from households.models import Standard
from households.rules import GUARANTEES, Kind, State
from officers.models import Officer
from officers.rules import Role
from reviews.actions.chunks import drive
from reviews.actions.comparing import ask_comparison, count_comparison
from reviews.actions.proposing import NoStandard, NoSurveys, propose_dry_run
from reviews.actions.standards import (
    Content,
    change_standard,
    discard_standard,
    prepare_standard,
    preview_standard,
    publish_standard,
)
from reviews.models import Comparison, Proposal, Review
from reviews.queries.comparing import kept_turns
from reviews.queries.standards import effect_of, trial_of
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, RISKY_INCOME
from tests.web.reviews.standards import HIGHER
from trail.errors import NotAllowed, Refused
from trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def tried(cast, draft, household_of):
    """Has the draft previewed on three households; returns the finished trial."""
    household_of(State.POOR, GOOD_INCOME)
    household_of(State.EXITED, RISKY_INCOME)
    household_of(State.ORDINARY, POOR_INCOME)
    return finished(draft, cast.province_officer)


def finished(standard: Standard, by: Officer):
    for run in preview_standard(standard.pk, by=by).runs:
        drive(run.pk)
    return trial_of(by, standard)


def refusal(act, *arguments, **keywords) -> str:
    """The code of the refusal."""
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(*arguments, **keywords)
    return refused.value.code


def test_the_province_officer_prepares_for_his_province(cast, draft):
    assert (draft.division_id, draft.line, draft.number) == (make.PROVINCE, Decimal(4500), None)
    assert draft.is_draft
    assert Change.objects.get(action="prepare").after["line"] == "4500.00"


@pytest.mark.parametrize("part", ["county_clerk", "province_approver", "operator", "auditor"])
def test_nobody_else_prepares(cast, part):
    with pytest.raises(NotAllowed):
        prepare_standard(HIGHER, by=getattr(cast, part))


@pytest.mark.parametrize(
    "faulty",
    [
        Content(2019, Decimal(4500), Decimal("4499.99"), GUARANTEES, "x"),
        Content(2019, Decimal(0), Decimal(1), GUARANTEES, "x"),
        Content(2019, Decimal(4500), Decimal(6000), GUARANTEES, ""),
        Content(2019, Decimal(4500), Decimal(6000), (), "x"),
    ],
)
def test_what_cannot_be_a_standard_is_no_draft_either(cast, faulty):
    with pytest.raises(ValidationError):
        prepare_standard(faulty, by=cast.province_officer)


def test_a_change_is_a_new_row_and_the_old_one_keeps_what_it_was(cast, draft):
    content = Content(2019, Decimal(4600), Decimal(6000), ["water", "food"], "公告二")
    new = change_standard(draft.pk, content, by=cast.province_officer)
    draft.refresh_from_db()
    assert (new.replaces, new.line, new.guarantees) == (draft, 4600, ["food", "water"])
    assert (draft.line, draft.is_draft) == (4500, False)
    change = Change.objects.get(action="change")
    assert (change.before["line"], change.after["line"]) == ("4500.00", "4600.00")


def test_a_draft_is_discarded_with_a_reason(cast, draft):
    discard_standard(draft.pk, reason="另行研究", by=cast.province_approver)
    draft.refresh_from_db()
    assert draft.discarded_at
    assert Change.objects.get(action="discard").reason == "另行研究"


def test_a_discarded_draft_is_neither_changed_nor_tried_nor_published(cast, draft):
    discard_standard(draft.pk, reason="x", by=cast.province_officer)
    officer, approver = cast.province_officer, cast.province_approver
    assert refusal(change_standard, draft.pk, HIGHER, by=officer) == "discarded"
    assert refusal(preview_standard, draft.pk, by=officer) == "discarded"
    assert refusal(discard_standard, draft.pk, reason="x", by=officer) == "discarded"
    assert refusal(publish_standard, draft.pk, by=approver) == "discarded"


def test_an_officer_of_another_province_touches_no_draft(cast, draft):
    Division.objects.create(code="98", level=1, name="邻省", parent_id="0")
    officer = make.make_officer(Role.PROVINCE_OFFICER, "98", home_id=make.COUNTY)
    approver = make.make_officer(Role.PROVINCE_APPROVER, "98", home_id=make.COUNTY)
    assert refusal(change_standard, draft.pk, HIGHER, by=officer) == "outside_posting"
    assert refusal(preview_standard, draft.pk, by=officer) == "outside_posting"
    assert refusal(discard_standard, draft.pk, reason="x", by=officer) == "outside_posting"
    assert refusal(publish_standard, draft.pk, by=approver) == "outside_posting"


def test_a_preview_is_two_dry_runs_over_the_province_on_the_same_facts(cast, draft, tried):
    before, after = tried.runs
    assert (before.root_id, after.root_id) == (make.PROVINCE, make.PROVINCE)
    assert (before.standard.division_id, after.standard) == ("0", draft)
    assert before.input_hash == after.input_hash
    assert before.result_hash != after.result_hash
    assert after.standard_hash == draft.digest()
    assert tried.is_sound


def test_the_effect_counts_households_by_kind_before_and_after(cast, tried, in_english):
    auditor = make.make_officer(Role.AUDITOR, make.PROVINCE)
    effect = effect_of(auditor, trial_of(auditor, tried.after.standard))
    assert effect.changed == "1"
    assert (effect.households, effect.persons) == ("3", "3")
    sides = {str(side.name): side.households for side in effect.sides}
    assert sides == {
        "identify": ("1", "1"),
        "watch": ("1", "0"),
        "exit": ("1", "1"),
        "re-include": ("0", "1"),
    }
    turns = {
        (str(name), str(effect.names[place])): turn.households
        for name, row, _all in effect.rows
        for place, turn in enumerate(row)
        if turn.is_change and not turn.is_none
    }
    assert turns == {("watch", "re-include"): "1"}


def test_the_effect_of_a_large_province_is_that_which_a_worker_counted(
    cast, tried, django_assert_num_queries
):
    effect = effect_of(cast.province_officer, tried)
    count_comparison(ask_comparison(tried, by=cast.province_officer).pk)
    with django_assert_num_queries(3):
        assert effect_of(cast.province_officer, tried) == effect


def test_few_households_are_hidden_from_a_role_without_names(cast, tried):
    effect = effect_of(cast.province_officer, tried)
    assert (effect.changed, effect.households) == ("<5", "<5")


def test_what_a_worker_counted_does_not_outlive_a_change_of_a_proposal(cast, tried):
    count_comparison(ask_comparison(tried, by=cast.province_officer).pk)
    [kept] = Comparison.everywhere.all()
    one = Proposal.everywhere.filter(review=tried.after).first()
    Proposal.everywhere.filter(pk=one.pk).update(added_at=timezone.now())
    assert kept_turns(kept, tried) is None


def test_nobody_below_the_province_sees_whom_a_draft_would_concern(cast, tried):
    assert trial_of(cast.county_clerk, tried.after.standard) is None
    assert tried.after not in Review.objects.visible_to(cast.county_clerk)
    assert tried.before in Review.objects.visible_to(cast.county_clerk)


def test_an_officer_counts_his_own_part_of_the_province(cast, tried):
    published = publish_standard(tried.after.standard_id, by=cast.province_approver)
    trial = trial_of(cast.stranger, published)
    assert trial.part == make.OTHER_COUNTY
    assert effect_of(cast.stranger, trial).households == "0"


def test_a_preview_that_runs_is_not_begun_twice(cast, draft, household):
    first = preview_standard(draft.pk, by=cast.province_officer)
    assert preview_standard(draft.pk, by=cast.province_officer).runs == first.runs
    assert Review.everywhere.count() == 2


def test_a_second_preview_runs_only_the_draft_where_the_facts_still_stand(cast, draft, tried):
    new = change_standard(draft.pk, HIGHER, by=cast.province_officer)
    again = finished(new, cast.province_officer)
    assert again.before == tried.before
    assert again.is_sound


def test_a_preview_after_a_new_survey_runs_both_anew(cast, draft, tried, household_of):
    household_of(State.POOR, POOR_INCOME)
    again = finished(draft, cast.province_officer)
    assert again.before != tried.before
    assert again.is_sound


def test_facts_that_changed_without_a_survey_make_a_preview_unsound_but_not_the_next(
    cast, draft, tried
):
    household = Proposal.everywhere.filter(review=tried.before).first().household
    type(household).everywhere.filter(pk=household.pk).update(village=make.NEXT_VILLAGE)
    second = finished(draft, cast.province_officer)
    assert not second.is_sound
    assert refusal(publish_standard, draft.pk, by=cast.province_approver) == "preview_unsound"
    assert finished(draft, cast.province_officer).is_sound


def test_a_year_without_surveys_is_tried_on_the_latest_that_has_some(cast, household):
    draft = prepare_standard(
        Content(2021, Decimal(4500), Decimal(6000), GUARANTEES, "x"), by=cast.province_officer
    )
    trial = finished(draft, cast.province_officer)
    assert (trial.after.year, trial.before.standard.year) == (2019, 2019)
    assert publish_standard(draft.pk, by=cast.province_approver).year == 2021


def test_surveys_of_the_year_that_came_in_since_call_for_a_new_preview(cast, household):
    draft = prepare_standard(
        Content(2020, Decimal(4500), Decimal(6000), GUARANTEES, "x"), by=cast.province_officer
    )
    finished(draft, cast.province_officer)
    make.make_survey(household, 2020)
    assert refusal(publish_standard, draft.pk, by=cast.province_approver) == "no_preview"


def test_a_province_without_surveys_has_nothing_to_try_on(cast, draft):
    with pytest.raises(NoSurveys):
        preview_standard(draft.pk, by=cast.province_officer)


def test_a_year_without_standard_has_nothing_to_compare_with(cast):
    make.make_survey(make.make_household(), 2012)
    draft = prepare_standard(
        Content(2012, Decimal(2300), Decimal(2300), GUARANTEES, "x"), by=cast.province_officer
    )
    with pytest.raises(NoStandard):
        preview_standard(draft.pk, by=cast.province_officer)


def test_the_approver_publishes_with_number_and_hash_and_it_holds_from_then_on(cast, draft, tried):
    last = Standard.objects.published().order_by("-number").first().number
    published = publish_standard(draft.pk, by=cast.province_approver)
    assert published.number == last + 1
    assert published.content_hash == published.digest() != tried.after.standard_hash
    assert published.published_by == cast.province_approver
    assert Standard.objects.holding(make.COUNTY, 2019).first() == published
    change = Change.objects.get(action="publish")
    assert change.after == {
        "number": published.number,
        "hash": published.content_hash,
        "preview": [run.pk for run in tried.runs],
    }


@pytest.mark.parametrize("part", ["province_officer", "county_approver", "operator"])
def test_nobody_else_publishes(cast, draft, tried, part):
    with pytest.raises(NotAllowed):
        publish_standard(draft.pk, by=getattr(cast, part))


def test_whoever_prepared_an_earlier_version_does_not_publish(cast, tried):
    first = make.make_draft(2019, prepared_by=cast.province_approver, discarded_at=timezone.now())
    draft = make.make_draft(2019, prepared_by=cast.province_officer, replaces=first)
    finished(draft, cast.province_officer)
    assert refusal(publish_standard, draft.pk, by=cast.province_approver) == "same_hand"


def test_a_draft_without_preview_is_not_published(cast, draft):
    assert refusal(publish_standard, draft.pk, by=cast.province_approver) == "no_preview"


def test_a_draft_is_not_published_while_its_preview_runs(cast, draft, household):
    trial = preview_standard(draft.pk, by=cast.province_officer)
    drive(trial.before.pk)
    assert refusal(publish_standard, draft.pk, by=cast.province_approver) == "preview_runs"


def test_the_preview_of_the_draft_before_a_change_does_not_count(cast, draft, tried):
    new = change_standard(draft.pk, HIGHER, by=cast.province_officer)
    assert refusal(publish_standard, new.pk, by=cast.province_approver) == "no_preview"


def test_a_dry_run_of_a_county_is_no_preview(cast, draft, tried, county):
    new = change_standard(draft.pk, HIGHER, by=cast.province_officer)
    run = propose_dry_run(root=county, year=2019, by=cast.county_clerk, standard=new)
    drive(run.pk)
    assert refusal(publish_standard, new.pk, by=cast.province_approver) == "no_preview"


def test_a_newer_standard_of_the_place_and_year_calls_for_a_new_preview(
    cast, draft, tried, in_english
):
    newer = make.make_standard(2019, line="3500.00")
    with pytest.raises(Refused) as refused:
        publish_standard(draft.pk, by=cast.province_approver)
    assert refused.value.code == "newer_standard"
    assert f"no. {newer.number}" in refused.value.message
    trial = finished(draft, cast.province_officer)
    assert trial.before.standard == newer
    publish_standard(draft.pk, by=cast.province_approver)


def test_a_published_standard_is_neither_changed_nor_discarded_nor_published_again(
    cast, draft, tried
):
    publish_standard(draft.pk, by=cast.province_approver)
    assert refusal(change_standard, draft.pk, HIGHER, by=cast.province_officer) == "published"
    assert refusal(discard_standard, draft.pk, reason="x", by=cast.province_officer) == "published"
    assert refusal(publish_standard, draft.pk, by=cast.province_approver) == "published"


@pytest.mark.parametrize(
    "change",
    [
        {"line": Decimal(1)},
        {"guarantees": ["food"]},
        {"number": 999},
        {"content_hash": "0" * 64},
        {"discarded_at": timezone.now()},
    ],
)
def test_the_database_keeps_a_published_standard_as_it_is(cast, draft, tried, change):
    publish_standard(draft.pk, by=cast.province_approver)
    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.filter(pk=draft.pk).update(**change)


def test_the_preview_that_led_to_the_publication_stays_on_record(cast, draft, tried):
    published = publish_standard(draft.pk, by=cast.province_approver)
    finished_later = propose_dry_run(
        root=draft.division, year=2019, by=cast.province_officer, standard=published
    )
    drive(finished_later.pk)
    assert trial_of(cast.province_officer, published).runs == tried.runs


def test_a_review_judges_by_what_the_published_standard_demands(cast, household_of, county):
    household = household_of(State.POOR, GOOD_INCOME, water=0, medical=None)
    content = Content(2019, Decimal(4500), Decimal(6000), ["food", "housing"], "x")
    draft = prepare_standard(content, by=cast.province_officer)
    trial = finished(draft, cast.province_officer)
    kinds = [Proposal.everywhere.get(review=run, household=household).kind for run in trial.runs]
    assert kinds == [Kind.COMPLETE, Kind.EXIT]
