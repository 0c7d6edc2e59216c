"""Loading official lists: what is new, renamed, gone and back, and which faults stop a load."""

import gzip
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from divisions.actions import LoadReport, load_divisions, preview_divisions
from divisions.loading.reading import FaultyFile
from divisions.models import Division, Level
from tests import factories as make
from trail.dates import business_date
from trail.errors import NotAllowed
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

HEADINGS = {
    "provinces": "code,name",
    "cities": "code,name,provinceCode",
    "areas": "code,name,cityCode,provinceCode",
    "streets": "code,name,areaCode,provinceCode,cityCode",
    "villages": "code,name,streetCode,provinceCode,cityCode,areaCode",
}
REAL = {
    "provinces": ["44,广东省"],
    "cities": ["4419,东莞市,44"],
    "areas": ["441900,东莞市,4419,44"],
    "streets": ["441900003,东城街道,441900,44,4419", "441900101,石碣镇,441900,44,4419"],
    "villages": [
        "441900003001,岗贝社区,441900003,44,4419,441900",
        "441900101200,石碣村,441900101,44,4419,441900",
    ],
}


def write(folder: Path, lists: dict[str, list[str]], *, end: str = "\n") -> Path:
    for name, lines in lists.items():
        text = end.join([HEADINGS[name], *lines]) + end
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def changed(lists: dict[str, list[str]], name: str, lines: list[str]) -> dict[str, list[str]]:
    return lists | {name: lines}


@pytest.fixture
def load(tmp_path):
    def load_lists(lists: dict[str, list[str]] = REAL) -> LoadReport:
        return load_divisions(write(tmp_path, lists), by=make.the_operator(), progress=print)

    return load_lists


def figures(report: LoadReport) -> dict[str, int]:
    kinds = ("new", "renamed", "gone", "back")
    return {kind: sum(counts[kind] for counts in report.counts.values()) for kind in kinds}


def test_the_sample_loads_with_thirty_divisions_and_no_start_date():
    report = load_divisions(make.TREE, by=make.the_operator(), progress=print)
    assert report.total == 30
    assert figures(report)["new"] == 30
    assert Division.objects.get(pk="970123201204").parent_id == "970123201"
    assert not Division.objects.exclude(valid_from=None).exists()


def test_the_same_lists_again_change_nothing(load):
    load()
    before = list(Division.objects.values())
    report = load()
    assert figures(report) == {"new": 0, "renamed": 0, "gone": 0, "back": 0}
    assert list(Division.objects.values()) == before


def test_a_code_that_a_city_and_its_only_county_share_when_padded_is_two_rows(load):
    load()
    assert Division.objects.get(pk="4419").padded_code == "441900000000"
    assert Division.objects.get(pk="441900").padded_code == "441900000000"


def test_a_county_whose_codes_are_padded_to_the_village_loads_with_a_warning(load):
    report = load(
        {
            "provinces": ["35,福建省"],
            "cities": ["3505,泉州市,35"],
            "areas": ["350527,金门县,3505,35"],
            "streets": ["350527000,金门县,350527,35,3505"],
            "villages": ["350527000000,金门县,350527000,35,3505,350527"],
        }
    )
    assert report.total == 5
    assert report.out_of_class[Level.TOWNSHIP] == 1
    assert report.out_of_class[Level.VILLAGE] == 1
    assert report.out_of_class[Level.COUNTY] == 0


def test_a_later_division_begins_on_the_business_date(load):
    load()
    report = load(
        changed(REAL, "villages", [*REAL["villages"], "441900101201,新村,441900101,44,4419,441900"])
    )
    assert report.new[Level.VILLAGE] == [("441900101201", "新村")]
    assert Division.objects.get(pk="441900101201").valid_from == business_date()


def test_a_new_province_beside_a_known_one_is_a_first_load(load):
    make.plant_tree()
    load()
    assert Division.objects.get(pk="441900101200").valid_from is None


def test_a_renamed_division_keeps_its_row_and_its_old_name_in_the_trace(load):
    load()
    report = load(changed(REAL, "streets", ["441900003,东城区,441900,44,4419", REAL["streets"][1]]))
    assert [(one.old_name, one.name) for one in report.differences] == [("东城街道", "东城区")]
    assert Division.objects.get(pk="441900003").name == "东城区"
    change = Change.objects.get(action="division_renamed")
    assert (change.subject_id, change.before) == ("441900003", {"name": "东城街道"})


def test_a_gone_division_keeps_its_row_with_an_end_date(load):
    load()
    report = load(changed(REAL, "villages", REAL["villages"][:1]))
    assert figures(report) == {"new": 0, "renamed": 0, "gone": 1, "back": 0}
    gone = Division.objects.get(pk="441900101200")
    assert gone.valid_to == business_date()
    assert not Division.objects.in_force(business_date()).filter(pk=gone.pk).exists()


def test_a_gone_division_is_reported_once(load):
    load()
    fewer = changed(REAL, "villages", REAL["villages"][:1])
    load(fewer)
    assert figures(load(fewer))["gone"] == 0


def test_a_division_that_returns_is_in_force_again(load):
    load()
    load(changed(REAL, "villages", REAL["villages"][:1]))
    assert figures(load())["back"] == 1
    assert Division.objects.get(pk="441900101200").valid_to is None


def test_a_province_that_the_files_do_not_hold_is_not_judged(load):
    load()
    other = {
        "provinces": ["35,福建省"],
        "cities": ["3505,泉州市,35"],
        "areas": ["350502,鲤城区,3505,35"],
        "streets": ["350502001,海滨街道,350502,35,3505"],
        "villages": ["350502001001,金山社区,350502001,35,3505,350502"],
    }
    assert figures(load(other))["gone"] == 0
    assert not Division.objects.exclude(valid_to=None).exists()


def test_an_extra_province_is_never_judged_gone(tmp_path):
    make.plant_tree()
    fewer = {
        "provinces": ["97,示例省"],
        "cities": ["9701,示例市,97"],
        "areas": ["970123,青山县,9701,97"],
        "streets": ["970123100,城关镇,970123,97,9701"],
        "villages": ["970123100200,东沟村,970123100,97,9701,970123"],
    }
    report = load_divisions(write(tmp_path, fewer), by=make.the_operator(), progress=print)
    assert figures(report) == {"new": 0, "renamed": 0, "gone": 0, "back": 0}


def test_an_extra_province_that_is_not_listed_any_more_is_refused(tmp_path, settings):
    settings.EXTRA_PROVINCES = []
    with pytest.raises(FaultyFile, match=r"provinces\.csv, line 2: 97 is not a province"):
        load_divisions(make.TREE, by=make.the_operator(), progress=print)


def test_a_successor_is_named_for_a_gone_division(load, tmp_path):
    load()
    (tmp_path / "successors.csv").write_text("code,successor\n441900101200,441900003001\n")
    report = load(changed(REAL, "villages", REAL["villages"][:1]))
    assert report.successors == 1
    assert Division.objects.get(pk="441900101200").successor_id == "441900003001"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("999999999999,441900003001", "999999999999 is not known"),
        ("441900003001,441900003", "441900003001 is still in force"),
        ("441900101200,999999999999", "successor 999999999999 is not in force"),
        ("441900101200,441900101200", "successor 441900101200 is not in force"),
    ],
)
def test_a_wrong_successor_stops_the_load_with_its_line(load, tmp_path, line, fault):
    load()
    (tmp_path / "successors.csv").write_text(f"code,successor\n{line}\n")
    with pytest.raises(FaultyFile, match=rf"successors\.csv, line 2: .*{fault}"):
        load(changed(REAL, "villages", REAL["villages"][:1]))
    assert not Division.objects.exclude(valid_to=None).exists()


FAULTS = [
    ("cities", ["4419,东莞市"], r"cities\.csv, line 2: 2 values instead of 3"),
    ("cities", ["4419,,44"], r"cities\.csv, line 2: the name of 4419 is empty"),
    ("cities", ["4419,东莞\u200b市,44"], r"line 2: .* hidden characters"),
    ("cities", ["4419," + "长" * 101 + ",44"], r"line 2: .* too long"),
    ("cities", ["44190,东莞市,44"], r"line 2: “44190” is not a code of 4 digits"),
    ("cities", ["４４１９,东莞市,44"], r"line 2: .* is not a code of 4 digits"),
    ("cities", ["4419,东莞市,44", "4419,东莞市,44"], r"line 3: 4419 stands in the file twice"),
    ("cities", ["3519,某市,44"], r"line 2: the parent 35 of 3519 is not in the files"),
    ("cities", ["4419,东莞市,35"], r"line 2: 4419 does not start with the codes named beside it"),
    ("streets", ["441901003,东城街道,441901,44,4419"], r"the parent 441901 of 441901003"),
    ("villages", ["44098310220,某村,440983102,44,4409,440983"], r"not a code of 12 digits"),
    ("villages", [], r"villages\.csv: the file holds no division"),
    ("provinces", ["99,某省"], r"provinces\.csv, line 2: 99 is not a province of GB/T 2260"),
    ("provinces", ['44,"广东省'], r"provinces\.csv, line 2: not a CSV line"),
]


@pytest.mark.parametrize(("name", "lines", "fault"), FAULTS)
def test_a_fault_names_file_and_line_and_saves_nothing(load, name, lines, fault):
    with pytest.raises(FaultyFile, match=fault):
        load(changed(REAL, name, lines))
    assert Division.objects.count() == 1


def test_a_missing_file_is_named(tmp_path):
    write(tmp_path, REAL)
    (tmp_path / "areas.csv").unlink()
    with pytest.raises(FaultyFile, match=r"areas\.csv or areas\.csv\.gz is missing"):
        load_divisions(tmp_path, by=make.the_operator(), progress=print)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FaultyFile, match="nowhere: no such folder"):
        load_divisions(tmp_path / "nowhere", by=make.the_operator(), progress=print)


def test_a_file_that_is_there_twice_is_refused(tmp_path):
    write(tmp_path, REAL)
    (tmp_path / "areas.csv.gz").write_bytes(gzip.compress((tmp_path / "areas.csv").read_bytes()))
    with pytest.raises(FaultyFile, match=r"both areas\.csv and areas\.csv\.gz"):
        load_divisions(tmp_path, by=make.the_operator(), progress=print)


def test_wrong_columns_are_told_with_the_right_ones(tmp_path):
    write(tmp_path, REAL)
    (tmp_path / "cities.csv").write_text("code,name\n4419,东莞市\n")
    with pytest.raises(FaultyFile, match=r"line 1: the heading must be code,name,provinceCode"):
        load_divisions(tmp_path, by=make.the_operator(), progress=print)


def test_a_list_in_another_encoding_is_refused_with_its_line(tmp_path):
    write(tmp_path, REAL)
    (tmp_path / "cities.csv").write_bytes(
        "code,name,provinceCode\n4419,东莞市,44\n".encode("gb18030")
    )
    with pytest.raises(FaultyFile, match=r"cities\.csv, line 2: not UTF-8 text"):
        load_divisions(tmp_path, by=make.the_operator(), progress=print)


@pytest.mark.parametrize("damage", [lambda raw: raw[:-9], lambda raw: b"not packed at all"])
def test_a_damaged_archive_is_refused(tmp_path, damage):
    write(tmp_path, REAL)
    raw = (tmp_path / "cities.csv").read_bytes()
    (tmp_path / "cities.csv").unlink()
    (tmp_path / "cities.csv.gz").write_bytes(damage(gzip.compress(raw)))
    with pytest.raises(FaultyFile, match=r"cities\.csv\.gz: the file cannot be unpacked"):
        load_divisions(tmp_path, by=make.the_operator(), progress=print)


def test_a_byte_order_mark_windows_lines_and_packing_make_no_difference(tmp_path):
    for name, lines in REAL.items():
        text = "\r\n".join(["\ufeff" + HEADINGS[name], *lines]) + "\r\n"
        (tmp_path / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert load_divisions(tmp_path, by=make.the_operator(), progress=print).total == 7


def test_a_preview_tells_the_same_and_saves_nothing(tmp_path):
    report = preview_divisions(write(tmp_path, REAL), by=make.the_operator(), progress=print)
    assert figures(report)["new"] == 7
    assert Division.objects.count() == 1
    assert not Change.objects.exists()


def test_the_trace_says_who_loaded_which_files(load):
    report = load()
    change = Change.objects.get(action="load_divisions")
    assert change.actor_name == make.the_operator().name
    assert change.after["files"] == report.hashes
    assert change.after["read"]["village"] == 2
    assert len(report.hashes["villages.csv"]) == 64


def test_a_county_clerk_may_not_load(cast):
    with pytest.raises(NotAllowed):
        load_divisions(make.TREE, by=cast.county_clerk, progress=print)


def test_a_reader_of_the_whole_nation_may_not_load(tree):
    with pytest.raises(NotAllowed):
        load_divisions(make.TREE, by=make.make_officer(make.Role.READER, "0"), progress=print)


def test_the_command_prints_counts_and_examples(capsys):
    call_command("load_divisions", str(make.TREE))
    printed = capsys.readouterr().out
    assert "villages.csv: 20" in printed
    assert "new      970123100200 东沟村" in printed
    assert "Loaded: 30 divisions" in printed


def test_the_command_exits_with_2_on_a_fault(tmp_path):
    with pytest.raises(CommandError, match="Nothing was saved") as stopped:
        call_command("load_divisions", str(tmp_path))
    assert stopped.value.returncode == 2


def test_the_command_refuses_an_unknown_officer():
    with pytest.raises(CommandError, match="There is no officer “nobody”") as stopped:
        call_command("load_divisions", str(make.TREE), by="nobody")
    assert stopped.value.returncode == 2


def test_the_command_refuses_an_officer_without_the_right(cast):
    with pytest.raises(CommandError) as stopped:
        call_command("load_divisions", str(make.TREE), by=cast.county_clerk.username)
    assert stopped.value.returncode == 2


def test_an_ended_division_ends_on_the_day_and_not_before():
    ended = Division(code="97", level=1, name="示例省", valid_to=date(2020, 1, 2))
    assert ended.is_in_force(date(2020, 1, 1))
    assert not ended.is_in_force(date(2020, 1, 2))
