"""Import and export of a roster: what is saved, what stays, who may, what the pages say."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from households.importing.carrying import MOST_CARRIED
from officers.rules import Role
from teams.importing.running import brought_back, carried, import_table
from teams.importing.template import COLUMNS
from teams.models import Cadre, Term, Unit
from teams.models.units import ID_FIELD, PHONE_FIELD
from teams.rules.terms import Post
from tests import factories as make
from tests.web.teams.roster_files import (
    KEYS,
    bring_in,
    csv_of,
    faults_of,
    found,
    id_of,
    roster_row,
    table_of,
    uploaded,
)
from trail.errors import NotAllowed, Refused
from trail.models import Change
from trail.sealing import unseal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ROWS, FAULTS = 2000, 100


@pytest.fixture
def clerk(cast):
    return cast.county_clerk


@pytest.fixture
def client(clerk, signed_in):
    return signed_in(clerk)


def send(client, content: bytes, name: str = "roster.csv"):
    return client.post(reverse("teams:import"), {"file": uploaded(content, name)})


class TestSaving:
    """What an import writes."""

    def test_a_row_brings_a_person_a_unit_and_a_term_without_a_case(self, clerk):
        saved = bring_in(clerk, roster_row()).saved
        assert (saved.cadres, saved.units, saved.terms) == (1, 1, 1)
        term = Term.everywhere.select_related("cadre", "unit").get()
        assert (term.village_id, term.post, term.case) == (make.VILLAGE, Post.MEMBER, None)
        assert (term.starts_on, term.due_on) == (date(2019, 3, 1), date(2021, 2, 28))
        assert (term.unit.name, term.unit.division_id) == ("青山县财政局", make.COUNTY)
        assert (term.cadre.name, term.cadre.division_id) == ("驻村干部1", make.COUNTY)
        assert term.cadre.unit == term.unit

    def test_number_and_phone_are_sealed_for_the_row(self, clerk):
        bring_in(clerk, roster_row())
        cadre = Cadre.everywhere.get()
        assert unseal(cadre.id_sealed, field=ID_FIELD, row=cadre.uuid) == id_of(3)
        assert unseal(cadre.phone_sealed, field=PHONE_FIELD, row=cadre.uuid) == "13900000001"

    def test_every_row_has_its_line_in_the_trace_and_the_import_one_of_its_own(self, clerk):
        bring_in(clerk, roster_row(1), roster_row(2))
        actions = list(Change.objects.values_list("action", flat=True))
        assert actions.count("record_cadre") == actions.count("begin_term") == 2
        whole = Change.objects.get(action="import_roster")
        assert (whole.division_code, whole.after["terms"]) == (make.COUNTY, 2)

    def test_the_trace_holds_no_number_in_the_open(self, clerk):
        bring_in(clerk, roster_row())
        kept = str(list(Change.objects.values_list("after", "before")))
        assert id_of(3) not in kept
        assert "13900000001" not in kept

    def test_the_same_file_again_changes_nothing(self, clerk):
        rows = [roster_row(1), roster_row(2, post="第一书记")]
        bring_in(clerk, *rows)
        before = list(Cadre.everywhere.values_list("pk", "version"))
        again = bring_in(clerk, *rows)
        assert dict(again.counts) == {"unchanged": 2}
        assert list(Cadre.everywhere.values_list("pk", "version")) == before
        assert Term.everywhere.count() == 2

    def test_two_terms_of_one_new_person_are_one_record(self, clerk):
        first = roster_row(last_day="2019-12-31", end_reason="任期届满")
        second = roster_row(village_code=make.NEXT_VILLAGE, starts_on="2020-01-01")
        saved = bring_in(clerk, first, second).saved
        assert (saved.cadres, saved.terms) == (1, 2)

    def test_a_changed_phone_and_rank_are_kept_with_what_stood_before(self, clerk):
        bring_in(clerk, roster_row())
        outcome = bring_in(clerk, roster_row(phone="13900000009", rank="县级领导"))
        assert dict(outcome.counts) == {"changed": 1}
        cadre = Cadre.everywhere.get()
        assert unseal(cadre.phone_sealed, field=PHONE_FIELD, row=cadre.uuid) == "13900000009"
        assert (cadre.rank, cadre.version) == ("county_leader", 2)
        change = Change.objects.get(action="change_cadre")
        assert change.before["rank"] == "official"

    def test_a_blank_cell_changes_nothing(self, clerk):
        bring_in(clerk, roster_row())
        blank = dict.fromkeys(("phone", "rank", "unit", "unit_level", "sex", "working_since"), "")
        assert dict(bring_in(clerk, roster_row(**blank)).counts) == {"unchanged": 1}

    def test_an_account_is_linked_to_whoever_has_the_same_name(self, clerk):
        account = make.make_officer(
            Role.TEAM_MEMBER, make.VILLAGE, username="team-1", name="驻村干部1"
        )
        bring_in(clerk, roster_row(account="team-1"))
        assert Cadre.everywhere.get().account == account

    def test_somebody_whom_another_county_kept_is_taken_over(self, clerk, cast):
        ended = {"last_day": "2019-12-31", "end_reason": "任期届满"}
        bring_in(cast.stranger, roster_row(village_code=make.OTHER_COUNTY_VILLAGE, **ended))
        bring_in(clerk, roster_row(starts_on="2020-01-01"))
        assert Cadre.everywhere.get().division_id == make.COUNTY
        assert Change.objects.filter(action="take_over_cadre").count() == 1

    def test_faulty_rows_are_left_out_and_the_others_saved(self, clerk):
        outcome = bring_in(clerk, roster_row(1), roster_row(2, post="书记"), roster_row(3))
        assert dict(outcome.counts) == {"new": 2, "faulty": 1}
        assert Term.everywhere.count() == 2

    def test_all_or_nothing_saves_nothing_with_one_fault(self, clerk):
        outcome = bring_in(clerk, roster_row(1), roster_row(2, post="书记"), choice="all")
        assert outcome.saved is None
        assert not Cadre.everywhere.exists()
        assert not Unit.everywhere.exists()
        assert not Change.objects.filter(action="import_roster").exists()

    @pytest.mark.parametrize(
        "part", ["county_approver", "township_reviewer", "province_officer", "first_secretary"]
    )
    def test_nobody_but_a_county_clerk_imports(self, cast, part):
        with pytest.raises(NotAllowed):
            import_table(table_of(roster_row()), by=getattr(cast, part), choice="sound")


def wrong(place: int, row: dict[str, str]) -> tuple[dict[str, str], tuple[str, str]]:
    """One of ten kinds of fault put into a row, with the column and code that it makes."""
    kinds = [
        ({"village_code": "970123100999"}, ("village_code", "village_unknown")),
        ({"village_code": make.OTHER_COUNTY_VILLAGE}, ("village_code", "village_outside")),
        ({"id_number": row["id_number"][:17] + "?"}, ("id_number", "id_number")),
        ({"due_on": "2018-01-01"}, ("due_on", "due_before_start")),
        ({"post": "书记"}, ("post", "not_listed")),
        ({"rank": "处长"}, ("rank", "not_listed")),
        ({"last_day": "2020-01-01"}, ("end_reason", "end_reason_missing")),
        ({"name": ""}, ("name", "blank")),
        ({"phone": "139"}, ("phone", "phone")),
        ({"unit_level": "处级"}, ("unit_level", "not_listed")),
    ]
    cells, fault = kinds[place % len(kinds)]
    return row | cells, fault


def test_of_many_rows_each_fault_is_told_and_every_other_row_is_saved_once(clerk, full_counts):
    count = ROWS if full_counts else ROWS // 20
    faults = FAULTS if full_counts else FAULTS // 20
    rows, expected = [], []
    for serial in range(count):
        born = f"{1970 + serial // 400}-05-20"
        number = id_of(serial % 400 * 2 + 1, born=born.replace("-", ""))
        row = roster_row(serial, id_number=number, birth_date=born)
        if serial % (count // faults) == 7:
            row, (column, code) = wrong(len(expected), row)
            expected.append((serial + 2, column, code))
        rows.append(row)
    outcome = bring_in(clerk, *rows)
    assert found(outcome) == expected
    assert len(expected) == faults
    assert outcome.saved.terms == Term.everywhere.count() == count - faults
    again = bring_in(clerk, *rows)
    assert dict(again.counts) == {"unchanged": count - faults, "faulty": faults}
    assert found(again) == expected
    assert Cadre.everywhere.count() == count - faults


def test_a_check_asks_the_register_as_often_for_thirty_rows_as_for_three(
    clerk, django_assert_num_queries
):
    bring_in(clerk, *(roster_row(serial) for serial in range(30)))
    for number in (3, 30):
        with django_assert_num_queries(8):
            faults_of(clerk, *(roster_row(serial) for serial in range(number)))


class TestPages:
    """The way through the browser."""

    def test_a_file_is_checked_first_and_nothing_is_saved(self, client):
        page = send(client, csv_of(roster_row(1), roster_row(2, post="书记")))
        assert page.status_code == 200
        assert not Cadre.everywhere.exists()
        assert "Save the faultless rows" in page.text
        assert "use a code or a label of the list" in page.text

    def test_what_was_checked_is_saved_by_the_button(self, client):
        page = send(client, csv_of(roster_row(1), roster_row(2, post="书记")))
        rows = page.context["carried"]
        after = client.post(reverse("teams:import_save"), {"rows": rows, "choice": "sound"})
        assert "Saved. Terms: 1. New people: 1." in after.text
        assert Term.everywhere.count() == 1

    def test_a_workbook_is_read_like_a_text(self, client):
        template = client.get(reverse("teams:import_template_xlsx")).content
        workbook = load_workbook(io.BytesIO(template))
        workbook.active.append([roster_row().get(key, "") for key in KEYS])
        out = io.BytesIO()
        workbook.save(out)
        page = send(client, out.getvalue(), "roster.xlsx")
        assert dict(page.context["outcome"].counts) == {"new": 1}

    def test_units_that_will_be_recorded_are_named_before(self, client):
        assert "青山县财政局" in send(client, csv_of(roster_row())).text

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_the_faulty_rows_come_back_with_their_reasons(self, client, form):
        page = send(client, csv_of(roster_row(1), roster_row(2, post="书记")))
        rows = {"rows": page.context["carried"]}
        content = client.post(reverse(f"teams:import_faulty_{form}"), rows).content
        if form == "csv":
            lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        else:
            lines = [*load_workbook(io.BytesIO(content)).active.values]
        assert list(lines[0][-2:]) == ["错误行", "错误"]
        assert len(lines) == 2
        assert list(lines[1][-2:]) == ["3", "post: 书记 — use a code or a label of the list"]

    def test_the_mended_download_is_imported_as_it_is(self, client):
        page = send(client, csv_of(roster_row(2, post="书记")))
        rows = {"rows": page.context["carried"]}
        content = client.post(reverse("teams:import_faulty_csv"), rows).content.decode("utf-8-sig")
        mended = content.replace("书记,2019", "队员,2019").encode()
        assert dict(send(client, mended).context["outcome"].counts) == {"new": 1}

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "The file is empty"),
            ("姓名,行政村代码\r\n".encode(), "These columns are missing"),
            (csv_of(), "has a heading but no rows"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_refused_with_advice(self, client, content, words):
        page = send(client, content)
        assert page.status_code == 400
        assert words in page.text

    def test_more_than_5000_rows_are_refused(self, client):
        page = send(client, csv_of(*(roster_row() for _ in range(5001))))
        assert "more than 5000 rows" in page.text.replace(",", "")

    def test_when_the_register_changed_since_the_check_nothing_is_saved(self, client):
        rows = send(client, csv_of(roster_row(post="第一书记"))).context["carried"]
        make.make_term(post=Post.FIRST_SECRETARY)
        page = client.post(reverse("teams:import_save"), {"rows": rows, "choice": "all"})
        assert page.status_code == 409
        assert "Nothing was saved" in page.text
        assert Term.everywhere.count() == 1

    def test_rows_of_somebody_else_are_not_taken(self, client, cast):
        rows = carried(table_of(roster_row()), by=cast.stranger)
        page = client.post(reverse("teams:import_save"), {"rows": rows, "choice": "sound"})
        assert page.status_code == 409
        assert not Cadre.everywhere.exists()

    @pytest.mark.parametrize("rows", ["", "nonsense", "a" * 500, "é"])
    def test_rows_that_nobody_sealed_are_refused(self, clerk, rows):
        with pytest.raises(Refused):
            brought_back(rows, by=clerk)

    def test_too_much_text_is_not_carried_on(self, clerk):
        noise = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(2_000_000))
        assert carried(table_of(roster_row(name=noise)), by=clerk) == ""
        assert len(carried(table_of(roster_row()), by=clerk)) < MOST_CARRIED

    @pytest.mark.parametrize("part", ["county_approver", "reader", "helper", "first_secretary"])
    def test_others_have_neither_page_nor_file(self, cast, signed_in, part):
        client = signed_in(getattr(cast, part))
        for name in ("import", "import_template_csv", "import_roster_csv"):
            assert client.get(reverse(f"teams:{name}")).status_code == 403


class TestExport:
    """The roster of a day in the columns of the template."""

    def rows(self, client, **query) -> list[dict[str, str]]:
        content = client.get(reverse("teams:import_roster_csv"), query).content
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    @pytest.fixture
    def imported(self, clerk):
        return bring_in(
            clerk,
            roster_row(1, post="第一书记"),
            roster_row(2, last_day="2019-12-31", end_reason="因病"),
        )

    def test_it_holds_whoever_serves_on_the_day(self, client, imported):
        assert [row["name"] for row in self.rows(client, on="2020-06-30")] == ["驻村干部1"]
        assert len(self.rows(client, on="2019-06-30")) == 2

    def test_numbers_and_phones_are_hidden(self, client, imported):
        (row,) = self.rows(client, on="2020-06-30")
        assert row["id_number"] == id_of(3)[:6] + "*" * 8 + id_of(3)[14:]
        assert row["phone"] == "139****0001"

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_imported_again_it_changes_nothing(self, client, imported, form, language):
        client.cookies["django_language"] = language
        answer = client.get(reverse(f"teams:import_roster_{form}"), {"on": "2019-06-30"})
        counts = send(client, answer.content, f"r.{form}").context["outcome"].counts
        assert dict(counts) == {"unchanged": 2}

    def test_without_the_column_of_numbers_name_and_hidden_id_are_enough(self, clerk, imported):
        row = roster_row(1, post="第一书记", id_number=id_of(3)[:6] + "*" * 8 + id_of(3)[14:])
        assert dict(bring_in(clerk, row).counts) == {"unchanged": 1}

    def test_another_countys_people_are_not_in_it(self, client, clerk):
        make.make_term(make.make_cadre(make.OTHER_COUNTY), make.OTHER_COUNTY_VILLAGE)
        assert self.rows(client) == []

    def test_it_leaves_a_trace(self, client):
        self.rows(client, on="2020-06-30")
        change = Change.objects.get(action="download_roster")
        assert change.after == {"on": "2020-06-30"}

    def test_the_template_has_every_column_in_both_languages(self, client):
        for language, headings in (("en", KEYS), ("zh-hans", [one.zh for one in COLUMNS])):
            client.cookies["django_language"] = language
            content = client.get(reverse("teams:import_template_csv")).content
            assert content.decode("utf-8-sig").strip().split(",") == headings
