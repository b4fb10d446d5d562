"""A corrections file: what it does to every table, what it survives, and how a faulty one is told."""

import hashlib
import json

import pyarrow as pa
import pytest
from corpus_fakes import digest_of

from gknlp.corpus import BuildOptions, Corpus, build_corpus, correct_corpus
from gknlp.corpus.correct import amend_cells, make_amendments
from gknlp.corpus.corrections import read_corrections
from gknlp.errors import CorpusError, UsageError
from gknlp.schemas import CORPUS
from tests.interop.corpora import build, report

HEADER = "report,field,value,was,reason\n"
CELL = "t3.new_requests.natural_person"
TEXTS = {
    "a.txt": report("云泽县柳湾镇", 2021),
    "b.txt": report("云泽县柳湾镇", 2020, {("t2", "procurement", "amount"): "3.5万元"}, form="trial_2019"),
    "c.txt": report("云泽县青溪镇", 2021),
}


def write(path, *lines, bom=False):
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + (HEADER + "".join(f"{line}\n" for line in lines)).encode())
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return build(tmp_path_factory.mktemp("plain"), TEXTS)


@pytest.fixture
def corpus(tmp_path):
    return build(tmp_path, TEXTS)


def correct(corpus, tmp_path, *lines):
    summary = correct_corpus(corpus.folder, corrections=write(tmp_path / "k.csv", *lines))
    return Corpus.open(corpus.folder), summary


def row_of(corpus, path):
    (doc_id,) = [line["doc_id"] for line in corpus.table("sources").to_pylist() if line["path"] == path]
    (row,) = [row for row in corpus.table("reports").to_pylist() if row["doc_id"] == doc_id]
    return row


def cell_of(corpus, path, field):
    doc_id, (table, *row, column) = row_of(corpus, path)["doc_id"], field.split(".")
    key = (doc_id, table, ".".join(row), column)
    (cell,) = [c for c in corpus.table("cells").to_pylist() if (c["doc_id"], c["table"], c["row"], c["column"]) == key]
    return cell


def account(corpus):
    return [(r["report"], r["field"], r["was"], r["status"]) for r in corpus.table("corrections").to_pylist()]


def test_a_cell_is_corrected_and_what_is_printed_stays(corpus, tmp_path):
    before = cell_of(corpus, "a.txt", CELL)
    after, summary = correct(corpus, tmp_path, f"a.txt,{CELL},21,12,数字颠倒")
    cell = cell_of(after, "a.txt", CELL)
    assert (before["value"], cell["value"]) == (12, 21)
    assert {key: cell[key] for key in before if key != "value"} == {
        key: before[key] for key in before if key != "value"
    }
    assert (summary.n_applied, summary.n_stale, summary.n_no_report, summary.manifest) == (1, 0, 0, 2)
    doc_id = cell["doc_id"]
    own = [r for r in after.table("diagnostics").to_pylist() if r["code"] == "corrected"]
    assert own == [
        {"doc_id": doc_id, "code": "corrected", "severity": "info", "start": cell["start"], "end": cell["end"],
         "expected": f"{CELL} = 21", "found": "12"}
    ]  # fmt: skip
    told = [r for r in after.table("evidence").to_pylist() if r["rule"] == "correction"]
    assert told == [{"doc_id": doc_id, "field": CELL, "value": "21", "rule": "correction", "start": None, "end": None}]
    assert after.table("corrections").to_pylist() == [
        {"doc_id": doc_id, "report": "a.txt", "field": CELL, "value": "21", "was": "12", "reason": "数字颠倒",
         "status": "applied"}
    ]  # fmt: skip
    lines = {line["path"]: line["findings"] for line in after.table("sources").to_pylist()}
    assert ["corrected" in lines[path] for path in TEXTS] == [True, False, False]
    assert after.hash != corpus.hash == Corpus.open(corpus.folder, 1).hash
    assert after.info()["corrections"] == {"applied": 1}
    assert after.info()["rows"]["diagnostics"] == after.table("diagnostics").num_rows


@pytest.mark.parametrize(
    ("value", "expected"),
    [("4.5", (4.5, "万元", 45_000)), ("766元", (766, "元", 766)), ("", (None, "万元", None)), ("0", (0, "万元", 0))],
)
def test_a_sum_of_money_is_reckoned_anew(corpus, tmp_path, value, expected):
    after, _ = correct(corpus, tmp_path, f"b.txt,t2.procurement.amount,{value},3.5万元,合同")
    cell = cell_of(after, "b.txt", "t2.procurement.amount")
    assert (cell["value"], cell["unit"], cell["value_yuan"]) == expected
    assert cell["raw"] == "3.5万元"


@pytest.mark.parametrize(("form", "status"), [(None, "applied"), ("revised_2021", "applied"), ("legacy_2008", "stale")])
def test_a_cell_that_the_report_lacks_is_added_where_its_form_has_it(form, status):
    rows = [{"doc_id": "a", "text": "", "form": form}]
    tables = {name: pa.Table.from_pylist([], schema=CORPUS[name]) for name in ("cells", "evidence")}
    tables["reports"] = pa.Table.from_pylist(rows, schema=CORPUS["reports"])
    (correction,) = read_corrections((HEADER + f"a,{CELL},7,,表格在原网页上\n").encode())
    done = make_amendments([(correction, "a")], tables)
    assert [row["status"] for row in done.account] == [status]
    cells = amend_cells(tables["cells"], done).to_pylist()
    assert [(row["row"], row["value"], row["raw"], row["start"]) for row in cells] == (
        [("new_requests", 7, None, None)] if status == "applied" else []
    )


def test_an_agency_brings_its_place_and_a_year_its_status(corpus, tmp_path):
    after, _ = correct(
        corpus, tmp_path, "a.txt,agency,道外区财政局,云泽县柳湾镇,标题有误", "a.txt,year,2022,2021,统计期限", "c.txt,year,,,不详",
        "c.txt,level,county,,县直", "b.txt,published,2021-01-20,,网页", "b.txt,region,北省,,网页", "b.txt,title,年报,,网页",
    )  # fmt: skip
    a, b, c = (row_of(after, path) for path in TEXTS)
    place = [a[key] for key in ("agency", "level", "kind", "code", "year", "year_status")]
    assert place == ["道外区财政局", "county", "department", "230104", 2022, "found"]
    assert a["agency_id"] != row_of(corpus, "a.txt")["agency_id"]
    assert (c["year"], c["year_status"], c["level"], c["kind"]) == (None, "missing", "county", "government")
    assert (b["published"], b["region"], b["title"], b["title_status"]) == ("2021-01-20", "北省", "年报", "found")
    titles = [r for r in after.table("diagnostics").to_pylist() if r["expected"] == "year = 2022"]
    assert a["text"][titles[0]["start"] : titles[0]["end"]].startswith("2021")


def test_a_region_decides_between_places_of_one_name(tmp_path):
    corpus = build(tmp_path, {"a.txt": report("鼓楼区财政局", 2021)})
    assert row_of(corpus, "a.txt")["code"] is None
    after, _ = correct(corpus, tmp_path, "a.txt,region,福建省,,网页")
    assert row_of(after, "a.txt")["code"] == "350102"


STALE = [
    (f"a.txt,{CELL},21,13,x", "stale"),
    (f"a.txt,{CELL},21,12件,x", "applied"),
    (f"a.txt,{CELL},12,99,x", "applied"),  # it says so already
    (f"a.txt,{CELL},21,,x", "applied"),
    ("a.txt,year,2022,2019,x", "stale"),
    ("a.txt,agency,云泽县青溪镇,云泽县 柳湾镇,x", "applied"),
    ("a.txt,t2.procurement.amount,5,,x", "stale"),  # a cell of another form
    ("z.txt,year,2022,,x", "no_report"),
    ("0" * 32 + ",year,2022,,x", "no_report"),
]


@pytest.mark.parametrize(("line", "status"), STALE)
def test_what_becomes_of_a_correction(corpus, tmp_path, line, status):
    after, summary = correct(corpus, tmp_path, line)
    assert [row[3] for row in account(after)] == [status]
    assert (summary.n_applied, summary.n_stale, summary.n_no_report) == tuple(
        int(status == name) for name in ("applied", "stale", "no_report")
    )
    if status != "applied":
        for name in ("reports", "cells", "evidence", "diagnostics", "sources"):
            assert after.table(name).equals(corpus.table(name)), name


def test_reports_by_hash_and_id_and_the_closest_name_counts(corpus, tmp_path):
    doc_id = row_of(corpus, "a.txt")["doc_id"]
    sha256 = hashlib.sha256(TEXTS["a.txt"].encode()).hexdigest()
    after, _ = correct(corpus, tmp_path, f"{sha256},year,2019,,x", f"{doc_id},year,2018,,x", f"{sha256},kind,other,,x")
    row = row_of(after, "a.txt")
    assert (row["year"], row["kind"]) == (2018, "other")
    assert sorted(account(after)) == sorted(
        [
            (doc_id, "year", "2021", "applied"),
            (sha256, "year", "2021", "stale"),
            (sha256, "kind", "government", "applied"),
        ]
    )


def test_a_path_survives_new_bytes_and_a_hash_does_not(corpus, tmp_path):
    sha256 = hashlib.sha256(TEXTS["a.txt"].encode()).hexdigest()
    correct(corpus, tmp_path, "a.txt,region,北省,,x", f"{sha256},kind,other,,x")
    after = build(tmp_path, {"a.txt": report("云泽县柳湾镇", 2021, overview="2021年，本镇另挂出消息九条。")})
    new, old = sorted(
        (row for row in after.table("reports").to_pylist() if row["agency"] == "云泽县柳湾镇" and row["year"] == 2021),
        key=lambda row: row["superseded_by"] is not None,
    )
    assert (new["region"], new["kind"], old["region"], old["kind"]) == ("北省", "government", None, "other")


def test_a_path_of_two_sources_means_none(tmp_path):
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(report("云泽县柳湾镇" if name == "x" else "云泽县青溪镇", 2021))
    build_corpus(
        [tmp_path / "x", tmp_path / "y"], tmp_path / "c", options=BuildOptions(workers=1),
        corrections=write(tmp_path / "k.csv", "a.txt,year,2019,,x"),
    )  # fmt: skip
    corpus = Corpus.open(tmp_path / "c")
    assert account(corpus) == [("a.txt", "year", None, "no_report")]
    assert corpus.table("reports")["year"].to_pylist() == [2021, 2021]


def test_files_stay_through_builds_are_replaced_and_taken_back(corpus, tmp_path):
    first = corpus.hash
    after, _ = correct(corpus, tmp_path, f"a.txt,{CELL},21,,x")
    data = (tmp_path / "k.csv").read_bytes()
    name = f"files/{hashlib.sha256(data).hexdigest()}.csv"
    assert (corpus.folder / name).read_bytes() == data
    assert after.files == {"corrections": hashlib.sha256(data).hexdigest()}
    before = digest_of(corpus.folder)
    assert correct(corpus, tmp_path, f"a.txt,{CELL},21,,x")[1].manifest == 2
    assert digest_of(corpus.folder) == before
    later = build(tmp_path, {"d.txt": report("云泽县青溪镇", 2019, form="trial_2019")})
    assert (later.manifest_number, account(later)) == (3, account(after))
    replaced, _ = correct(corpus, tmp_path, "a.txt,year,2019,,x")
    assert [row[1] for row in account(replaced)] == ["year"]
    back, summary = correct(corpus, tmp_path)
    assert (account(back), summary.n_applied, summary.manifest) == ([], 0, 5)
    assert cell_of(back, "a.txt", CELL)["value"] == 12
    assert Corpus.open(corpus.folder, 2).hash == after.hash
    assert Corpus.open(corpus.folder, 1).hash == first
    assert "kept" not in json.loads((corpus.folder / "manifests/00000003.json").read_text())


def test_a_corpus_without_files_names_none(plain):
    assert "kept" not in json.loads((plain.folder / "manifests/00000001.json").read_text())
    assert (plain.files, plain.table("corrections").num_rows) == ({}, 0)
    assert not (plain.folder / "files").exists()


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")])
def test_a_damaged_file_is_told(corpus, tmp_path, damage):
    after, _ = correct(corpus, tmp_path, "a.txt,year,2019,,x")
    damage(next((corpus.folder / "files").iterdir()))
    with pytest.raises(CorpusError, match="is damaged: files/"):
        Corpus.open(after.folder).table("reports")
    correct(corpus, tmp_path, "a.txt,year,2018,,x")


def test_what_a_killed_build_left_is_swept(corpus, tmp_path):
    correct(corpus, tmp_path, "a.txt,year,2019,,x")
    (corpus.folder / "files" / f"{'0' * 64}.csv").write_bytes(b"half")
    build(tmp_path, {})
    assert len(list((corpus.folder / "files").iterdir())) == 1


def test_no_corpus_and_no_file(tmp_path):
    with pytest.raises(CorpusError, match="is no corpus"):
        correct_corpus(tmp_path / "none", corrections=write(tmp_path / "k.csv"))
    assert not (tmp_path / "none").exists()
    with pytest.raises(UsageError, match="no file of corrections at"):
        correct_corpus(tmp_path, corrections=tmp_path / "absent.csv")


FAULTS = [
    ("a.txt,yaer,2021,,x", "line 2: field = 'yaer' is unknown; did you mean 'year'? Allowed are: agency, year"),
    ("a.txt,t3.new_request.total,1,,x", "line 2: field = 't3.new_request.total' is no cell of any form; did you mean 't3.new_requests.total'?"),
    ("a.txt,year,20211,,x", "line 2: value = '20211' is no year"),
    ("a.txt,year,二〇二一,,x", "is no year"),
    ("a.txt,level,twonship,,x", "value = 'twonship' is no level; did you mean 'township'? Allowed are: national"),
    ("a.txt,kind,office,,x", "is no kind of agency; allowed are: government, department, other"),
    ("a.txt,published,20 Jan 2022,,x", "is no day; write it as 2022-01-20"),
    ("a.txt,published,2022-02-30,,x", "is no day"),
    (f"a.txt,{CELL},many,,x", "value = 'many' is no number"),
    (f"a.txt,{CELL},3万元,,x", "is a sum of money"),
    ("a.txt,year,2021,,", "line 2: the column 'reason' is empty"),
    (",year,2021,,x", "the column 'report' is empty"),
    ("a.txt,,2021,,x", "the column 'field' is empty"),
    ("a.txt,year,2021,,x\n\nb.txt,year,2021,,x\na.txt,year,2020,,x", "line 5: year of 'a.txt' is corrected already, on line 2"),
    ("a.txt,year,2021,,x,y", "line 2: 6 columns, the header has 5"),
    ('a.txt,year,"2021,,x', "not CSV"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "says"), FAULTS)
def test_a_fault_is_named_with_its_line(lines, says):
    with pytest.raises(UsageError) as error:
        read_corrections((HEADER + lines + "\n").encode(), "k.csv")
    assert says in str(error.value)
    assert str(error.value).startswith("k.csv, line ")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty: its first line names the columns: report,field,value,reason"),
        (b"report;field;value;reason\n", "columns are separated by commas"),
        (b"report,feild,value,reason\n", "no column is called 'feild'; did you mean 'field'?"),
        (b"report,field,value\n", "the column 'reason' is missing"),
        (b"report,field,value,reason,field\n", "the column 'field' is there twice"),
        ("report,field,value,reason\na,agency,某镇,错\n".encode("gb18030"), "is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read(data, says):
    with pytest.raises(UsageError) as error:
        read_corrections(data, "k.csv")
    assert says in str(error.value)


def test_bom_and_column_order_do_not_matter():
    one = read_corrections(b"\xef\xbb\xbfreason,value,field,report\r\nx, 2021 ,year,a.txt\r\n")
    assert one == read_corrections((HEADER + "a.txt,year,2021,,x").encode())
    assert read_corrections(HEADER.encode()) == ()
