"""The pages of a county's exit: list, county, evaluation by form and file, case."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exits.actions.counties import record_evaluation
from exits.importing.sample import COUNTED, read_sample
from exits.models import Evaluation
from households.rules import State
from tests import factories as make
from tests.web.exits import standing as shared
from tests.web.exits import test_county_exit as of_a_county
from tests.web.exits.listed import (
    YEAR,
    carry,
    eligible_county,
    limited,
    proposed_county,
)
from tests.web.exits.test_county_exit import CHINESE, PREPARED, SAMPLE, WHY, report
from trail.dates import business_date
from workflow.models import Case, NoticeLine
from workflow.parameters import (
    EXIT_WRONG_LIMIT,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
standing, cast = shared.standing, shared.cast
county, case = of_a_county.county, of_a_county.case


class TestPages:
    """List, county, evaluation by form and file, case."""

    def test_the_county_page_says_eligibility_and_proposes(self, cast, county, signed_in):
        client = signed_in(cast.county_clerk)
        target = reverse("exits:county", args=[make.COUNTY])
        page = client.get(target, {"year": YEAR})
        assert "It may be proposed." in page.text
        seen = page.context["propose"].initial["seen"]
        assert client.post(target, {"seen": "0" * 64, "year": YEAR}).status_code == 409
        answer = client.post(target, {"seen": seen, "year": YEAR})
        case = Case.everywhere.get(kind="county_exit")
        assert answer.url == reverse("pages:case", args=[case.pk])

    def test_the_case_shows_the_limits_that_changed(self, cast, case, signed_in):
        limited(cast, EXIT_WRONG_LIMIT, 150)
        page = signed_in(cast.county_clerk).get(reverse("pages:case", args=[case.pk])).text
        row = page.partition("Limit of the wrong-exit rate")[2].partition("</tr>")[0]
        assert ("2.00 %" in row, "1.50 %" in row) == (True, True)

    def test_the_list_shows_villages_and_state(self, cast, case, signed_in):
        rows = signed_in(cast.province_officer).get(reverse("exits:counties")).context["rows"]
        assert [(one.villages, one.exited, one.state) for one in rows] == [
            (1, 1, "proposed by the county")
        ]

    def test_the_form_records_the_result_and_the_case_shows_the_formula(
        self, cast, case, signed_in
    ):
        carry(case, cast, *PREPARED)
        client = signed_in(cast.province_officer)
        target = reverse("exits:evaluation", args=[case.pk])
        today = business_date().isoformat()
        data = {"evaluator": "省社科院", "first_day": today, "last_day": today, **vars(SAMPLE)}
        assert client.post(target, data | {"missed": "x"}).status_code == 400
        assert client.post(target, data | {"missed": "1001"}).status_code == 400
        refused = client.post(target, data)
        assert refused.status_code == 400
        assert 'id="id_remaining_poor_error"' in refused.text
        assert client.post(target, data | {"explanation": WHY}).status_code == 302
        for route, key in (("pages:case", case.pk), ("exits:county", make.COUNTY)):
            text = client.get(reverse(route, args=[key])).text
            assert "(400 + 260 + 27) ÷ 65,000 = 1.06 %" in text
            assert "1,800 ÷ 2,000 = 90.00 %" in text
            assert "400 in the report, 19 on record here." in text
            assert WHY in text

    def test_few_poor_persons_are_told_by_no_formula_to_a_role_without_names(
        self, cast, case, signed_in
    ):
        carry(case, cast, *PREPARED)
        record_evaluation(case.pk, report(remaining_poor=3), by=cast.province_officer)
        for route, key in (("pages:case", case.pk), ("exits:county", make.COUNTY)):
            target = reverse(route, args=[key])
            text = signed_in(cast.province_approver).get(target).text
            assert ("hidden, few persons = 0.45 %" in text, "(3 + 260" in text) == (True, False)
            assert "(3 + 260 + 27) ÷ 65,000" in signed_in(cast.county_clerk).get(target).text

    def test_few_poor_persons_are_not_told_to_who_enters_the_report(self, cast, signed_in):
        make.make_household(state=State.POOR, persons=3)
        eligible_county(cast)
        case = proposed_county(cast.county_clerk)
        carry(case, cast, *PREPARED)
        client, target = (
            signed_in(cast.province_officer), reverse("exits:evaluation", args=[case.pk])
        )  # fmt: skip
        assert "remaining_poor" not in client.get(target).context["form"].initial
        today = business_date().isoformat()
        data = {"evaluator": "省社科院", "first_day": today, "last_day": today, **vars(SAMPLE)}
        assert "400 in the report, &lt;5 on record here." in client.post(target, data).text

    def test_the_days_of_the_evaluation_are_written_in_the_readers_language(
        self, cast, case, signed_in, settings
    ):
        carry(case, cast, *PREPARED)
        record_evaluation(case.pk, report(), by=cast.province_officer)
        settings.LANGUAGE_CODE = "zh-hans"
        client = signed_in(cast.province_officer)
        text = client.get(reverse("pages:case", args=[case.pk]), headers=CHINESE).text
        today = business_date()
        assert f"{today.year}年{today.month}月{today.day}日至" in text

    def test_a_file_of_the_sample_is_summed_up(self, cast, case, signed_in):
        carry(case, cast, *PREPARED)
        client = signed_in(cast.province_officer)
        target = reverse("exits:evaluation_file", args=[case.pk])
        today = business_date().isoformat()
        data = {"evaluator": "省社科院", "first_day": today, "last_day": today,
                "remaining_poor": 400, "exited_total": 9000, "unregistered_total": 52000,
                "rural_population": 65000, "explanation": WHY}  # fmt: skip
        content = sample_file((make.VILLAGE, 600, 1, 400, 2, 900, 820),
                              (make.NEXT_VILLAGE, 400, 2, 600, 3, 1100, 980))  # fmt: skip
        assert client.post(target, data | {"file": content}).status_code == 302
        made = Evaluation.objects.get()
        assert {name: getattr(made, name) for name in COUNTED} == {
            name: getattr(SAMPLE, name) for name in COUNTED
        }

    def test_the_faults_of_a_file_are_told_row_by_row(self, cast, case, signed_in):
        carry(case, cast, *PREPARED)
        content = sample_file((make.VILLAGE, 600, 601, 400, 2, 900, 820),
                              (make.VILLAGE, 1, 1, "x", 3, 1100, 980),
                              (make.OTHER_COUNTY_VILLAGE, 1, 1, 1, 1, 1, 1))  # fmt: skip
        found = read_sample(content.read(), make.COUNTY).faults
        assert [(one.record, one.column) for one in found] == [
            (2, "wrongly_exited"),
            (3, "village_code"),
            (3, "unregistered_sampled"),
            (4, "village_code"),
        ]
        content.seek(0)
        target = reverse("exits:evaluation_file", args=[case.pk])
        answer = signed_in(cast.province_officer).post(target, {"file": content})
        assert (answer.status_code, Evaluation.objects.exists()) == (400, False)

    def test_the_poster_bears_the_provinces_seal(self, cast, case, signed_in, client):
        carry(case, cast, *PREPARED)
        notice = NoticeLine.objects.get(case=case).notice_id
        text = signed_in(cast.county_clerk).get(reverse("pages:notice_poster", args=[notice])).text
        assert "seal of the province" in text
        public = client.get(reverse("pages:public_notices_of", args=[make.COUNTY])).text
        assert "County" in public

    @pytest.mark.parametrize("part", ["county_clerk", "province_approver"])
    def test_only_the_province_officer_records(self, cast, case, signed_in, part):
        target = reverse("exits:evaluation", args=[case.pk])
        assert signed_in(getattr(cast, part)).get(target).status_code == 403

    def test_a_stranger_finds_neither_county_nor_case(self, cast, case, signed_in):
        client = signed_in(cast.stranger)
        assert client.get(reverse("exits:county", args=[make.COUNTY])).status_code == 404
        assert client.get(reverse("exits:evaluation", args=[case.pk])).status_code == 404


def sample_file(*rows) -> SimpleUploadedFile:
    heading = ",".join(("village_code", *COUNTED))
    lines = [",".join(str(cell) for cell in row) for row in rows]
    return SimpleUploadedFile("sample.csv", "\r\n".join([heading, *lines]).encode())
