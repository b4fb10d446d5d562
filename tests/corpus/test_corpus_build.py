"""Building: every input one line, the same tables however the work was cut, nothing written for nothing new."""

import base64
import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest
from corpus_fakes import build, digest_of, lines_of, options, text_of, write_reports, write_tree

from gknlp.corpus.build import BuildSummary, Progress, build_corpus
from gknlp.corpus.corpus import Corpus
from gknlp.engine.base import Limits
from gknlp.errors import CorpusError, UsageError
from gknlp.manifest import make_doc_id
from gknlp.schemas import CORPUS


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A folder with everything that goes well and everything that goes wrong, and the corpus built from it."""
    top = tmp_path_factory.mktemp("mixed")
    folder = write_tree(
        top / "year books",
        {
            "a/good.txt": text_of("云溪镇人民政府", 2021, "主动公开三条"),
            "a/gbk.txt": text_of("柳河镇", 2020, "略").encode("gbk"),
            "copy.txt": text_of("云溪镇人民政府", 2021, "主动公开三条"),
            "empty.txt": "",
            "novel.txt": "NOVEL",
            "bare.txt": "BARE",
            "loop.txt": "LOOP",
            "exit.txt": "EXIT",
            "raise.txt": "RAISE",
            "scan.pdf": "%PDF-1.4",
            "fake.txt": b"%PDF-1.4",
            "broken.zip": b"PK\x03\x04 and then nothing",
            "lines.jsonl": "\n".join(
                [
                    json.dumps({"id": "r1", "text": text_of("云溪镇", 2019, "一条"), "region": "某省"}),
                    "{not json",
                    json.dumps({"id": "r1", "text": text_of("云溪镇", 2019, "两条")}),
                    json.dumps({"id": "r1", "text": text_of("云溪镇", 2019, "一条")}),
                    json.dumps({"id": 4, "text": "BARE\n", "series": "青石街道", "year": 2018}),
                    json.dumps({"id": 5, "text": "EXIT"}),
                ]
            ),
            ".DS_Store": "x",
        },
    )
    with zipfile.ZipFile(folder / "pack.zip", "w") as archive:
        archive.writestr("m/good.txt", text_of("青石街道", 2022, "四条"))
        archive.writestr("m/novel.txt", "NOVEL")
        archive.writestr("../up.txt", "x")
        archive.writestr("__MACOSX/._good.txt", "x")
    os.mkfifo(folder / "pipe.txt")
    (folder / "link.txt").symlink_to("a/good.txt")
    name = os.fsencode(folder) + b"/\xff\n.txt"
    Path(os.fsdecode(name)).write_text(text_of("柳河镇", 2022, "怪名"))
    summary = build(folder, top / "c", workers=2)
    return folder, top / "c", summary


EXPECTED = {
    "a/good.txt": ("parsed", None),
    "a/gbk.txt": ("parsed", None),
    "copy.txt": ("parsed", None),
    "empty.txt": ("quarantined", "empty file"),
    "novel.txt": ("quarantined", "not a report: a novel"),
    "bare.txt": ("parsed", None),
    "loop.txt": ("quarantined", "deadline: 1.5 s exceeded"),
    "exit.txt": ("quarantined", "crashed: exit status 3"),
    "raise.txt": ("quarantined", "parse: ValueError: no such thing"),
    "scan.pdf": ("quarantined", "pdf: damaged, or no PDF"),
    "fake.txt": ("quarantined", "pdf: damaged, or no PDF"),
    "broken.zip": ("quarantined", "zip: damaged, or no zip archive"),
    "lines.jsonl!/r1": ("parsed", None),
    "lines.jsonl!/line 2": ("quarantined", "jsonl: line 2 is not JSON"),
    "lines.jsonl!/line 4": ("skipped", "same document as lines.jsonl!/r1"),
    "lines.jsonl!/4": ("parsed", None),
    "lines.jsonl!/line 6": ("quarantined", "crashed: exit status 3"),
    ".DS_Store": ("skipped", "editor or system file"),
    "pack.zip!/m/good.txt": ("parsed", None),
    "pack.zip!/m/novel.txt": ("quarantined", "not a report: a novel"),
    "pack.zip!/../up.txt": ("quarantined", "zip: member name points out of the archive"),
    "pack.zip!/__MACOSX/._good.txt": ("skipped", "editor or system file"),
    "pipe.txt": ("skipped", "not a file: named pipe"),
    "link.txt": ("skipped", "symbolic link: not followed"),
    "\\xff\n.txt": ("parsed", None),
}


def test_every_input_has_one_line_with_its_reason(mixed):
    _, to, summary = mixed
    rows = Corpus.open(to).table("sources").to_pylist()
    found = {row["path"]: (row["outcome"], row["reason"]) for row in rows}
    assert found == EXPECTED
    assert len(rows) == len(EXPECTED) + 1  # the id r1 stands for two texts
    assert summary == BuildSummary(
        n_inputs=26, n_parsed=9, n_quarantined=12, n_skipped=5, n_new=26, n_superseded=0, manifest=1
    )


def test_lines_name_bytes_and_stages(mixed):
    folder, to, _ = mixed
    rows = {row["path"]: row for row in Corpus.open(to).table("sources").to_pylist()}
    odd = rows["\\xff\n.txt"]
    assert base64.b64decode(odd["path_b64"]) == b"\xff\n.txt"
    good = rows["a/good.txt"]
    data = (folder / "a/good.txt").read_bytes()
    assert good["sha256"] == hashlib.sha256(data).hexdigest()
    assert good["doc_id"] == make_doc_id(b"a/good.txt", data)
    assert (good["media_type"], good["encoding"], good["stage"]) == ("text/plain", "utf-8", None)
    assert rows["a/gbk.txt"]["encoding"] == "gb18030"
    stages = {path: row["stage"] for path, row in rows.items() if row["outcome"] != "parsed"}
    assert stages["empty.txt"] == stages["pipe.txt"] == stages[".DS_Store"] == "gate"
    assert stages["scan.pdf"] == stages["lines.jsonl!/line 2"] == stages["broken.zip"] == "read"
    assert stages["novel.txt"] == stages["raise.txt"] == "parse"
    assert stages["loop.txt"] == stages["lines.jsonl!/line 6"] == "worker"
    for path in ("loop.txt", "exit.txt", "empty.txt", "scan.pdf", "broken.zip"):
        assert rows[path]["sha256"] == hashlib.sha256((folder / path).read_bytes()).hexdigest()
    assert {row["doc_id"] for row in rows.values() if row["outcome"] != "parsed"} == {None}


def test_only_parsed_documents_have_rows(mixed):
    corpus = Corpus.open(mixed[1])
    parsed = {row["doc_id"] for row in corpus.table("sources").to_pylist() if row["outcome"] == "parsed"}
    assert corpus.table("reports")["doc_id"].to_pylist() == sorted(parsed)
    for name in CORPUS:
        assert set(corpus.table(name)["doc_id"].to_pylist()) <= parsed | {None}


def test_hints_of_a_line_stand_in(mixed):
    reports = Corpus.open(mixed[1]).table("reports").to_pylist()
    [hinted] = [row for row in reports if row["agency"] == "青石街道" and row["year"] == 2018]
    assert (hinted["text"], hinted["year_status"]) == ("BARE\n", "missing")
    assert [row["year"] for row in reports if row["region"] == "某省"] == [2019]


def test_the_same_bytes_under_another_path_are_a_finding(mixed):
    corpus = Corpus.open(mixed[1])
    rows = {row["path"]: row for row in corpus.table("sources").to_pylist()}
    assert (rows["a/good.txt"]["findings"], rows["copy.txt"]["findings"]) == ([], ["republication", "same_bytes"])
    twins = [row for row in corpus.table("diagnostics").to_pylist() if row["code"] == "same_bytes"]
    assert [(row["doc_id"], row["severity"], row["found"], row["start"]) for row in twins] == [
        (rows["copy.txt"]["doc_id"], "info", "a/good.txt", None)
    ]


@pytest.mark.nightly
def test_building_again_changes_no_byte(mixed):
    folder, to, first = mixed
    before = digest_of(to)
    again = build(folder, to, workers=1)
    assert digest_of(to) == before
    assert again == BuildSummary(
        n_inputs=26, n_parsed=9, n_quarantined=12, n_skipped=5, n_new=0, n_superseded=0, manifest=1
    )
    assert first.n_new == 26


@pytest.mark.nightly
def test_tables_are_the_same_for_any_workers_chunks_batches_and_source_order(tmp_path):
    one, two = write_reports(tmp_path / "one", 21), write_reports(tmp_path / "two", 9)
    write_tree(two, {"0/000.txt": "RAISE", "x.txt": text_of("云溪镇", 2020, "另")})

    def hash_of(name, sources, **more):
        build(sources, tmp_path / name, **more)
        return Corpus.open(tmp_path / name).hash, digest_of(tmp_path / name / "segments")

    plain = hash_of("a", [one, two])
    assert hash_of("b", [one, two], workers=2) == plain
    cut = hash_of("c", [one, two], chunk_batches=1, workers=2)
    assert cut == hash_of("d", [one, two], chunk_batches=1, workers=1)
    assert cut[0] == plain[0]
    assert Corpus.open(tmp_path / "c").manifest_number == 8
    assert hash_of("e", [two, one], limits=Limits(batch_size=64))[0] == plain[0]
    build(one, tmp_path / "f")
    assert hash_of("f", [one, two])[0] == plain[0]


def test_the_hash_tells_contents_apart(tmp_path):
    folder = write_reports(tmp_path / "in", 2)
    build(folder, tmp_path / "a")
    write_tree(folder, {"more.txt": "RAISE"})
    build(folder, tmp_path / "b")
    assert Corpus.open(tmp_path / "a").hash != Corpus.open(tmp_path / "b").hash


def test_new_bytes_at_a_known_path_are_a_new_version(tmp_path):
    folder, to = tmp_path / "in", tmp_path / "c"
    first, second = text_of("云溪镇", 2021, "一"), text_of("云溪镇", 2021, "二")
    write_tree(folder, {"a.txt": first, "b.txt": text_of("柳河镇", 2021, "不变")})
    ids = [make_doc_id(b"a.txt", text.encode()) for text in (first, second)]

    def versions():
        reports = Corpus.open(to).table("reports").to_pylist()
        return {row["doc_id"]: row["superseded_by"] for row in reports if row["agency"] == "云溪镇"}

    build(folder, to)
    before = digest_of(to / "segments")
    write_tree(folder, {"a.txt": second})
    assert build(folder, to).n_superseded == 1
    assert versions() == {ids[0]: ids[1], ids[1]: None}
    assert before.items() <= digest_of(to / "segments").items()
    assert Corpus.open(to, manifest=1).table("reports")["superseded_by"].to_pylist() == [None, None]
    in_force = Corpus.open(to).reports_in_force()
    assert ids[0] not in in_force["doc_id"].to_pylist()
    assert in_force.num_rows == 2

    # The first version put back is in force again, though nothing of it is read twice.
    write_tree(folder, {"a.txt": first})
    summary = build(folder, to)
    assert (summary.n_new, summary.n_superseded, summary.manifest) == (0, 1, 3)
    assert versions() == {ids[0]: None, ids[1]: ids[0]}
    unchanged = digest_of(to)
    build(folder, to)
    assert digest_of(to) == unchanged

    # A file that cannot be read any more, or is gone, leaves the last good version in force.
    write_tree(folder, {"a.txt": "RAISE"})
    build(folder, to)
    (folder / "a.txt").unlink()
    build(folder, to)
    assert versions() == {ids[0]: None, ids[1]: ids[0]}


def test_the_same_path_in_another_source_is_no_new_version(tmp_path):
    for label in ("x", "y"):
        write_tree(tmp_path / label / "in", {"a.txt": text_of("云溪镇", 2021, label)})
    build([tmp_path / "x/in", tmp_path / "y/in"], tmp_path / "c")
    assert Corpus.open(tmp_path / "c").reports_in_force().num_rows == 2


def test_the_same_document_through_two_sources_is_one(tmp_path):
    one = write_tree(tmp_path / "one", {"a.txt": text_of("云溪镇", 2021, "一")})
    two = write_tree(tmp_path / "two", {"a.txt": text_of("云溪镇", 2021, "一"), "b.txt": "RAISE"})
    summary = build([one, two, one], tmp_path / "c")
    corpus = Corpus.open(tmp_path / "c")
    assert [(row["source"], row["path"], row["outcome"], row["reason"]) for row in corpus.table("sources").to_pylist()] == [
        (0, "a.txt", "parsed", None),
        (1, "a.txt", "skipped", "same document as a.txt"),
        (1, "b.txt", "quarantined", "parse: ValueError: no such thing"),
        (2, "a.txt", "skipped", "same document as a.txt"),
    ]  # fmt: skip
    assert (corpus.table("reports").num_rows, corpus.table("units").num_rows) == (1, 1)
    assert (summary.n_inputs, summary.n_parsed, summary.n_skipped) == (4, 1, 2)
    before = digest_of(tmp_path / "c")
    build([one, two, one], tmp_path / "c")
    build([two], tmp_path / "c")
    assert digest_of(tmp_path / "c") == before


def test_a_source_keeps_its_ordinal_and_a_new_one_gets_the_next(tmp_path):
    one, two = (
        write_reports(tmp_path / "one", 2),
        write_tree(tmp_path / "two", {"z.txt": text_of("柳河镇", 2020, "二")}),
    )
    build(one, tmp_path / "c")
    build([two, one], tmp_path / "c")
    corpus = Corpus.open(tmp_path / "c")
    assert corpus.table("sources")["source"].to_pylist() == [0, 0, 1]
    assert corpus.info()["sources"] == ["one", "two"]


def test_what_was_quarantined_is_tried_again_and_replaced(tmp_path):
    folder, to = write_tree(tmp_path / "in", {"a.txt": "SLEEP\n2021\nx"}), tmp_path / "c"
    impatient = Limits(deadline_seconds=0.02, batch_size=4)
    assert build(folder, to, limits=impatient).n_quarantined == 1
    assert lines_of(Corpus.open(to)) == {"a.txt": ("quarantined", "deadline: 0.02 s exceeded")}
    unchanged = digest_of(to)
    build(folder, to, limits=impatient)
    assert digest_of(to) == unchanged
    assert build(folder, to).n_parsed == 1
    assert lines_of(Corpus.open(to)) == {"a.txt": ("parsed", None)}


def test_a_line_without_hash_gives_way_to_one_with(tmp_path):
    folder, to = tmp_path / "in", tmp_path / "c"
    folder.mkdir()
    os.mkfifo(folder / "a.txt")
    build(folder, to)
    (folder / "a.txt").unlink()
    write_tree(folder, {"a.txt": text_of("云溪镇", 2021, "一")})
    build(folder, to)
    assert lines_of(Corpus.open(to)) == {"a.txt": ("parsed", None)}
    assert lines_of(Corpus.open(to, manifest=1)) == {"a.txt": ("skipped", "not a file: named pipe")}


def test_a_corpus_inside_its_source_is_no_input(tmp_path):
    folder = write_reports(tmp_path / "in", 2)
    build(folder, folder / "built")
    before = digest_of(folder / "built")
    assert build(folder, folder / "built").n_inputs == 2
    assert digest_of(folder / "built") == before


def test_sources_that_give_nothing(tmp_path):
    (tmp_path / "in").mkdir()
    assert build(tmp_path / "in", tmp_path / "c") == BuildSummary(0, 0, 0, 0, 0, 0, 0)
    with pytest.raises(CorpusError, match="is no corpus; make one with: gknlp corpus build SOURCE --to"):
        Corpus.open(tmp_path / "c")


@pytest.mark.parametrize(("source", "says"), [("missing", "SOURCE does not exist"), ("c", "both SOURCE and corpus")])
def test_calls_that_cannot_be_meant(tmp_path, source, says):
    (tmp_path / "c").mkdir()
    with pytest.raises(UsageError, match=says):
        build(tmp_path / source, tmp_path / "c")
    assert list((tmp_path / "c").iterdir()) == []


def test_progress_is_told(tmp_path):
    folder = write_tree(write_reports(tmp_path / "in", 5), {".x": "", "bad.txt": ""})
    told = []
    build_corpus([folder], tmp_path / "c", options=options(), progress=told.append)
    assert told[0] == Progress(n_inputs=7, n_done=1, n_parsed=0, n_quarantined=0, n_skipped=1)
    assert told[-1] == Progress(n_inputs=7, n_done=7, n_parsed=5, n_quarantined=1, n_skipped=1)


def test_an_interrupt_leaves_a_corpus_that_goes_on(tmp_path):
    folder = write_reports(tmp_path / "in", 13)

    def interrupt(progress):
        if progress.n_done > 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_corpus([folder], tmp_path / "c", options=options(chunk_batches=1), progress=interrupt)
    assert Corpus.open(tmp_path / "c").table("reports").num_rows == 4
    assert build(folder, tmp_path / "c", chunk_batches=1).n_new == 9
    assert Corpus.open(tmp_path / "c").table("reports").num_rows == 13


def test_costs_go_to_the_log_and_only_there(tmp_path):
    folder = write_reports(tmp_path / "in", 2)
    build(folder, tmp_path / "c")
    [entry] = map(json.loads, (tmp_path / "c/build.log").read_text().splitlines())
    assert (entry["manifest"], entry["n_inputs"]) == (1, 2)
    assert entry["seconds"] > 0
    manifest = json.loads((tmp_path / "c/manifests/00000001.json").read_text())
    assert set(manifest) == {
        "schema_version", "gknlp", "number", "previous", "sources", "segments", "added", "superseded",
    }  # fmt: skip
    assert (manifest["added"], manifest["previous"]) == ({"parsed": 2}, None)
