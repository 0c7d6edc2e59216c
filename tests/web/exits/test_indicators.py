"""The indicators of a province, as versions that its counties see."""

import pytest
from django.urls import reverse

from exits.actions.indicators import Entry, confirm_indicator, write_indicator
from exits.queries.indicators import indicators_in_force
from officers.rules import Role
from teams.refusals import EntryRefused
from tests import factories as make
from tests.web.exits import standing as shared
from tests.web.exits.listed import asked, listed, proposed, recorded, reposted
from trail.dates import business_date
from trail.errors import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
standing, cast = shared.standing, shared.cast


def judged_indicator(cast, **changed):
    """An indicator that somebody judges, asked by the province."""
    said = {"year": business_date().year - 1, "name_zh": "电视信号", "name_en": "television",
            "field": "", "least": None, "most": None, "vetoes": True, "asked": True,
            "source": "省发〔2019〕1号"}  # fmt: skip
    entry = Entry(**(said | changed))
    return write_indicator("TV", entry, seen=None, by=cast.province_officer)


class TestIndicators:
    """The set of a province, as versions."""

    def test_the_province_writes_a_version_that_its_counties_see(self, cast, signed_in):
        client = signed_in(cast.province_officer)
        page = client.get(reverse("exits:indicator_change", args=["INCOME"]))
        form = page.context["form"]
        typed = {name: form[name].value() for name in form.fields}
        typed = {name: value for name, value in typed.items() if value not in (None, "")}
        typed |= {"least": "8", "vetoes": "1", "source": "省发〔2020〕2号",
                  "year": business_date().year}  # fmt: skip
        target = reverse("exits:indicator_change", args=["INCOME"])
        assert client.post(target, typed).status_code == 302
        approver = signed_in(cast.province_approver)
        page = approver.get(reverse("exits:indicator", args=["INCOME"]))
        [(waiting, _field)] = page.context["confirmable"]
        confirm = reverse("exits:indicator_confirm", args=[waiting.pk])
        assert approver.post(confirm).status_code == 302
        assert approver.post(confirm).status_code == 409
        listing = signed_in(cast.county_clerk).get(
            reverse("exits:indicators"), {"year": business_date().year}
        )
        row = next(one for one, _field in listing.context["rows"] if one.code == "INCOME")
        assert (row.division_id, row.least, row.vetoes) == (make.PROVINCE, 8, True)
        late = client.post(target, typed | {"least": "9"})
        assert late.status_code == 409
        table = late.text.partition("What is different")[2].partition("</table>")[0]
        assert "<td>9</td>" in table
        assert "8.00" in table
        again = typed | {"least": "9", "seen": late.context["form"]["seen"].value()}
        assert client.post(target, again).status_code == 302

    def test_a_version_holds_once_another_officer_has_confirmed_it(self, cast, signed_in):
        waiting = judged_indicator(cast)

        def codes():
            return [one.code for one in indicators_in_force(make.COUNTY, waiting.year)]

        assert "TV" not in codes()
        page = signed_in(cast.county_clerk).get(reverse("exits:indicators"))
        assert [one.pk for one in page.context["waiting"]] == [waiting.pk]
        with pytest.raises(NotAllowed):
            confirm_indicator(waiting.pk, by=cast.province_officer)
        confirm_indicator(waiting.pk, by=cast.province_approver)
        assert "TV" in codes()

    def test_a_promoted_writer_does_not_confirm_his_own_version(self, cast):
        waiting = judged_indicator(cast)
        writer = reposted(cast.province_officer, Role.PROVINCE_APPROVER, make.PROVINCE)
        with pytest.raises(NotAllowed) as refused:
            confirm_indicator(waiting.pk, by=writer)
        assert refused.value.code == "same_hand"

    def test_an_indicator_that_is_not_asked_is_gone(self, cast):
        asked()
        asked(version=2, asked=False)
        recorded()
        listed()
        case = proposed(cast.county_clerk)
        assert "TV" not in [one["code"] for one in case.facts["indicators"]]

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"least": 1}, "least"),
            ({"field": "clinics", "least": 2, "most": 1}, "most"),
            ({"year": 2014}, "year"),
        ],
    )
    def test_bounds_must_make_sense(self, cast, changed, field):
        with pytest.raises(EntryRefused) as refused:
            judged_indicator(cast, **changed)
        assert [name for name, _text in refused.value.faults] == [field]

    def test_only_the_province_officer_writes(self, cast, signed_in):
        target = reverse("exits:indicator_add")
        assert signed_in(cast.county_clerk).get(target).status_code == 403
