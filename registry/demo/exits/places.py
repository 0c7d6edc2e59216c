"""How villages and counties left the lists: by the officers of each place, on their days."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from exits.actions import counties, indicators, villages
from exits.models import Indicator
from exits.queries.counties import facts_of, standing_of
from exits.queries.indicators import versions_for
from exits.rules.counties import Sample, eligibility_faults
from exits.rules.villages import exit_faults
from households.actions.village_records import Entry, record_of, record_village
from households.models import Household, Member
from households.rules import State
from households.village_fields import read
from officers.models import Officer
from registry.demo.courses import be_on
from registry.demo.exits.hands import Hands
from registry.demo.exits.villages import TOLD_WRONGLY, Fate, Village
from registry.demo.places import PROVINCE
from trail.dates import business_date
from trail.rules import digest
from workflow.models import Case, CaseEvent

PLEASED, INCOME, BROADBAND = "PLEASED", "INCOME", "NET"
RULES = "示例省贫困村退出验收办法"
CORRECTION = "公安户籍数据比对后更正：剔除已迁出和空挂户"
ABOVE = "更正户籍人口后贫困发生率为 %(share)s%%，不低于 2%%，不符合退出条件。"
EVALUATOR = "示例省农业大学评估组"
TOWNSHIP_BOARD, WEBSITE = "乡镇政务公开栏", "省政府门户网站"
PERMILLE = 1000


def ask_more(last: int, hands: Hands) -> None:
    """The province asks for one indicator more that somebody judges, and for a higher income."""
    be_on(date(last - 1, 10, 12), by=hands["province"])
    judged = indicators.Entry(
        year=last - 1, name_zh="群众对村级工作满意", name_en="villagers are content", field="",
        least=None, most=None, vetoes=True, asked=True, source=RULES,
    )  # fmt: skip
    pleased = indicators.write_indicator(PLEASED, judged, seen=None, by=hands["province"])
    income = _changed(INCOME, hands, year=last - 1, least=Decimal(6))
    for one in (pleased, income):
        indicators.confirm_indicator(one.pk, by=hands["province-approver"])


def ask_for_next_year(last: int, hands: Hands) -> None:
    """From the next year on broadband is to stop an exit; nobody has confirmed it yet."""
    be_on(date(last, 12, 4), by=hands["province"])
    _changed(BROADBAND, hands, year=last + 1, vetoes=True)


def _changed(code: str, hands: Hands, **changes: Any) -> Indicator:
    """A new version of an indicator, in all else like the one before."""
    newest = versions_for(code, PROVINCE).order_by("-pk")[0]
    entry = indicators.Entry(
        year=newest.year, name_zh=newest.name_zh, name_en=newest.name_en, field=newest.field,
        least=newest.least, most=newest.most, vetoes=newest.vetoes, asked=True, source=RULES,
    )  # fmt: skip
    changed = replace(entry, **changes)
    return indicators.write_indicator(code, changed, seen=newest.pk, by=hands["province"])


def leave_villages(found: Sequence[Village], year: int, hands: Hands) -> list[Case]:
    """In the autumn of the year before the last one some left, and one was refused."""
    going = [one for one in found if one.fate in (Fate.LEFT, Fate.REFUSED)]
    be_on(date(year, 11, 3), by=hands["province"])
    cases = _proposed(going, year, hands)
    _verify_and_post(list(cases.values()), date(year, 11, 5), hands)
    be_on(date(year, 11, 10), by=hands["province"])
    for one in going:
        if one.fate is Fate.REFUSED and one.code in cases:
            _correct(one, year, by=hands.official(one.code))
    be_on(date(year, 11, 16), by=hands["province"])
    for one in going:
        if one.code in cases:
            _decide(cases[one.code], one, hands)
    return list(cases.values())


def await_villages(found: Sequence[Village], year: int, hands: Hands) -> list[Case]:
    """In December of the last year one stands on notice, another one waits for the county."""
    be_on(date(year, 12, 1), by=hands["province"])
    on_notice = _proposed([one for one in found if one.fate is Fate.ON_NOTICE], year, hands)
    _verify_and_post(list(on_notice.values()), date(year, 12, 3), hands)
    proposed = _proposed([one for one in found if one.fate is Fate.PROPOSED], year, hands)
    return [*on_notice.values(), *proposed.values()]


def _proposed(going: Sequence[Village], year: int, hands: Hands) -> dict[str, Case]:
    """The cases of those that the figures allow to go, judged; by village."""
    cases = {}
    for one in going:
        figures = villages.current(one.code, year)
        if exit_faults(figures.count, [result for result in figures.results if result.field]):
            continue
        by = hands.township(one.code)
        case = villages.propose_village(one.code, year=year, seen=digest(figures.facts), by=by)
        if one.fate is not Fate.PROPOSED:
            said = villages.Finding(
                met=True, note="抽访 30 户，29 户表示满意。", on=business_date()
            )
            villages.judge_indicator(case.pk, PLEASED, said, by=by)
        cases[one.code] = case
    return cases


def _verify_and_post(cases: Sequence[Case], day: date, hands: Hands) -> None:
    be_on(day, by=hands["province"])
    for case in cases:
        carry(
            villages.advance, case, "verify", hands.clerk(case.subject), checked_on=day,
            inspectors="县扶贫办、县住建局、县水利局", opinion="现场核查，各项指标属实。",
        )  # fmt: skip
    be_on(day + timedelta(days=1), by=hands["province"])
    for case in cases:
        by = hands.township(case.subject)
        carry(villages.advance, case, "post", by, place=TOWNSHIP_BOARD)


def _correct(village: Village, year: int, *, by: Officer) -> None:
    """The population that the police has, instead of what the village had told."""
    record = record_of(village.code, year)
    if record is None:
        return
    values: dict[str, Any] = read(record.values)
    for name in ("rural_population", "population"):
        values[name] = round(values[name] / TOLD_WRONGLY)
    entry = Entry(year, values, seen=record.pk, reason=CORRECTION)
    record_village(village.code, entry, by=by)


def _decide(case: Case, village: Village, hands: Hands) -> None:
    by = hands.approver(village.code)
    if village.fate is Fate.REFUSED:
        count = villages.current(village.code, case.facts["year"]).count
        share = f"{100 * count.poor / (count.population or 1):.2f}"
        carry(villages.advance, case, "reject", by, note=ABOVE % {"share": share})
        return
    carry(villages.advance, case, "approve", by)
    carry(
        villages.advance, case, "announce", hands.township(village.code),
        announced_on=business_date(), place=TOWNSHIP_BOARD,
    )  # fmt: skip


def leave_county(last: int, hands: Hands) -> None:
    """The last of the counties left in the first weeks of the last year."""
    case = _proposed_county(hands.counties[-1], last - 1, date(last, 1, 6), hands)
    if case is None:
        return
    be_on(date(last, 1, 21), by=hands["province"])
    carry(counties.advance, case, "post", hands["province"], place=WEBSITE)
    be_on(date(last, 2, 14), by=hands["province"])
    _evaluate(case, date(last, 2, 8), wrong=3, missed=4, hands=hands)
    carry(counties.advance, case, "evaluate", hands["province"], received_on=date(last, 2, 14))
    be_on(date(last, 2, 21), by=hands["province"])
    carry(counties.advance, case, "approve", hands["province-approver"])


def verify_county(last: int, hands: Hands) -> None:
    """The second one is verified and evaluated by the autumn, and waits for its public notice."""
    case = _proposed_county(hands.counties[1], last, date(last, 11, 9), hands)
    if case is not None:
        be_on(date(last, 12, 4), by=hands["province"])
        _evaluate(case, date(last, 12, 2), wrong=5, missed=7, hands=hands)


def _proposed_county(code: str, year: int, day: date, hands: Hands) -> Case | None:
    """Proposed by the county, reviewed by the city, verified by the province; None for one that is
    not eligible.
    """
    be_on(day, by=hands["province"])
    facts = facts_of(code, year)
    if eligibility_faults(standing_of(facts)):
        return None
    by = hands.clerk(code)
    case = counties.propose_county(code, year=year, seen=digest(facts), by=by)
    for step, by in (("review", hands["city"]), ("verify", hands["province"])):
        be_on(business_date() + timedelta(days=7), by=hands["province"])
        opinion = "程序规范，数据真实，同意。"
        carry(counties.advance, case, step, by, checked_on=business_date(), opinion=opinion)
    return case


def _evaluate(case: Case, day: date, *, wrong: int, missed: int, hands: Hands) -> None:
    """The result of a sample of half of the persons; `wrong` and `missed` of a thousand."""
    report = counties.Report(
        EVALUATOR, day - timedelta(days=6), day, _sample(case, wrong=wrong, missed=missed)
    )
    counties.record_evaluation(case.pk, report, by=hands["province"])


def _sample(case: Case, *, wrong: int, missed: int) -> Sample:
    members = Member.objects.active().filter(
        household__in=Household.everywhere.standing().within(case.subject)
    )
    exited = members.filter(household__state=State.EXITED).count()
    population: int = case.facts["population"]
    never = population - exited - case.facts["poor"]
    asked = max(20, min(exited // 4, 800))
    sampled = exited // 2
    return Sample(
        exited_sampled=sampled,
        wrongly_exited=max(sampled * wrong // PERMILLE, min(1, sampled // 100)),
        unregistered_sampled=never // 2,
        missed=never // 2 * missed // PERMILLE,
        households_asked=asked,
        households_approving=asked * 94 // 100,
        remaining_poor=case.facts["poor"],
        exited_total=exited,
        unregistered_total=never,
        rural_population=population,
    )


def carry(
    advance: Callable[..., CaseEvent], case: Case, step: str, by: Officer, *, note: str = "",
    **evidence: Any,
) -> None:  # fmt: skip
    """Take a step of a case where it stands now."""
    case.refresh_from_db()
    advance(case.pk, step, by=by, version=case.version, note=note, evidence=evidence)
