"""What lies on disk: segments named by content, manifests in a chain, damage told, leftovers swept."""

import itertools
import json
import multiprocessing
import threading

import pyarrow as pa
import pytest
from corpus_fakes import digest_of

from gknlp.corpus.chain import Manifest, read_chain, write_manifest
from gknlp.corpus.content import hash_tables
from gknlp.corpus.store import load_rows, open_for_building, read_segment, sweep, write_segments
from gknlp.errors import CorpusError
from gknlp.schemas import CORPUS


def tables_of(**rows):
    return {name: pa.Table.from_pylist(rows.get(name, []), schema=CORPUS[name]) for name in CORPUS}


def report(doc_id, year, text="x"):
    return {"doc_id": doc_id, "year": year, "text": text}


def manifest(number=1, previous=None, segments=(), **more):
    return Manifest(number=number, previous=previous, labels=(b"a",), segments=segments, added={}, **more)


@pytest.fixture
def folder(tmp_path):
    with open_for_building(tmp_path / "c"):
        yield tmp_path / "c"


def test_nothing_to_write_writes_nothing(folder):
    assert write_segments(folder, tables_of()) == ()
    assert set(digest_of(folder)) == {"build.lock"}


def test_segments_by_table_and_year_whatever_the_row_order(folder):
    rows = [report("b", 2020), report("a", None), report("c", 2020), report("d", 2019)]
    units = [{"doc_id": doc, "ordinal": n} for doc in "dacb" for n in (1, 0)]
    lines = [{"source": 0, "path_b64": "eA==", "doc_id": None}, {"source": 0, "path_b64": "eQ==", "doc_id": "b"}]
    segments = write_segments(folder, tables_of(reports=rows, units=units, sources=lines))
    assert [(s.table, s.year, s.rows) for s in segments] == [
        ("sources", 2020, 1), ("sources", None, 1),
        ("reports", 2019, 1), ("reports", 2020, 2), ("reports", None, 1),
        ("units", 2019, 2), ("units", 2020, 4), ("units", None, 2),
    ]  # fmt: skip
    assert read_segment(folder, segments[3])["doc_id"].to_pylist() == ["b", "c"]
    assert segments[3].path == f"segments/reports/year=2020/{segments[3].sha256}.parquet"
    again = write_segments(folder, tables_of(reports=rows[::-1], units=units[::-1], sources=lines[::-1]))
    assert again == segments


def test_a_chain_adds_up(folder):
    first = write_segments(folder, tables_of(reports=[report("a", 2020)]))
    second = write_segments(folder, tables_of(reports=[report("b", 2021)]))
    head = write_manifest(folder, manifest(1, None, first))
    head = write_manifest(folder, manifest(2, head, second, superseded=(("a", "b"),)))
    write_manifest(folder, manifest(3, head, (), superseded=(("a", None), ("b", "a"))))
    assert [read_chain(folder, number=n).superseded for n in (1, 2, 3)] == [{}, {"a": "b"}, {"b": "a"}]
    state = read_chain(folder)
    assert (state.number, state.labels) == (3, (b"a",))
    rows, numbers = load_rows(folder, state, "reports")
    assert (rows["doc_id"].to_pylist(), numbers) == (["a", "b"], [1, 2])
    assert load_rows(folder, read_chain(folder, number=1), "reports")[0]["doc_id"].to_pylist() == ["a"]


def test_no_manifest_is_an_empty_state(folder):
    assert read_chain(folder).number == 0


@pytest.mark.parametrize("number", [0, -1, 2, 99])
def test_a_manifest_that_does_not_exist(folder, number):
    write_manifest(folder, manifest())
    with pytest.raises(CorpusError, match=f"has no manifest {number}: its manifests are 1 to 1"):
        read_chain(folder, number=number)


def spoil_half(data):
    return data[: len(data) // 2]


def spoil_version(data):
    return data.replace(b'"schema_version": 1', b'"schema_version": 2')


def spoil_number(data):
    return data.replace(b'"number": 1', b'"number": 7')


def spoil_segments(data):
    return data.replace(b'"segments": []', b'"segments": [{"wrong": 1}]')


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (spoil_half, "is damaged; restore it"),
        (lambda data: b"", "is damaged; restore it"),
        (lambda data: b"[]", "is damaged; restore it"),
        (spoil_segments, "is damaged; restore it"),
        (spoil_version, "has schema version 2, this gknlp reads up to 1: upgrade gknlp"),
        (spoil_number, "calls itself 7"),
    ],
)
def test_a_manifest_that_cannot_be_used(folder, spoil, says):
    write_manifest(folder, manifest())
    path = folder / "manifests/00000001.json"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(CorpusError, match=says):
        read_chain(folder)


def test_a_gap_and_a_change_in_the_chain(folder):
    head = write_manifest(folder, manifest())
    write_manifest(folder, manifest(2, head))
    first = folder / "manifests/00000001.json"
    kept = first.read_bytes()
    first.write_bytes(json.dumps(json.loads(kept)).encode())
    with pytest.raises(CorpusError, match="manifest 2 does not follow manifest 1"):
        read_chain(folder)
    first.unlink()
    with pytest.raises(CorpusError, match=r"00000001\.json is missing before 00000002\.json"):
        read_chain(folder)


def test_of_many_at_once_one_writes_a_number(folder):
    results = []
    barrier = threading.Barrier(8)

    def commit(place):
        barrier.wait()
        try:
            results.append(write_manifest(folder, manifest(previous=None, superseded=((f"d{place}", None),))))
        except CorpusError as error:
            assert "another build has written 00000001.json" in str(error)

    threads = [threading.Thread(target=commit, args=(place,)) for place in range(8)]
    # Each thread sets its own file aside, as each process would.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gknlp.corpus.chain.os.getpid", threading.get_ident)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(results) == 1
    assert read_chain(folder).head == results[0]
    assert list((folder / "aside").iterdir()) == []


def test_without_hard_links_a_number_is_still_written_once(folder, monkeypatch):
    def refuse(self, target):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)
    head = write_manifest(folder, manifest())
    with pytest.raises(CorpusError, match="another build"):
        write_manifest(folder, manifest())
    assert read_chain(folder).head == head


def test_one_builder_at_a_time(folder):
    process = multiprocessing.get_context("spawn").Process(target=open_elsewhere, args=(folder,))
    process.start()
    process.join()
    assert process.exitcode == 42


def open_elsewhere(folder):
    try:
        with open_for_building(folder):
            raise SystemExit(1)
    except CorpusError as error:
        raise SystemExit(42 if "another build is writing" in str(error) else 2) from error


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.docx").touch()
    with (
        pytest.raises(CorpusError, match=r"holds other files \('thesis.docx'\) and no corpus"),
        open_for_building(tmp_path),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_leftovers_are_swept_and_nothing_else(folder):
    segments = write_segments(folder, tables_of(reports=[report("a", 2020)]))
    write_manifest(folder, manifest(segments=segments))
    before = digest_of(folder)
    write_segments(folder, tables_of(reports=[report("b", 2020)]))
    (folder / "aside/half.123").write_bytes(b"PAR1")
    sweep(folder, read_chain(folder))
    assert digest_of(folder) == before


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "has changed"),
    ],
)
def test_a_damaged_segment_is_told(folder, damage, says):
    [segment] = write_segments(folder, tables_of(reports=[report("a", 2020)]))
    damage(folder / segment.path)
    with pytest.raises(CorpusError, match=says):
        read_segment(folder, segment)


def chunked(values, cuts, kind):
    edges = [0, *cuts, len(values)]
    return pa.chunked_array([pa.array(values[a:b], kind) for a, b in itertools.pairwise(edges)], type=kind)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a", None, "", "信息"], pa.string()),
        ([1, None, 0, -5], pa.int64()),
        ([0.5, None, 0.0, 2.0], pa.float64()),
        ([["a", "b"], None, [], ["", None]], pa.list_(pa.string())),
    ],
)
def test_the_content_hash_sees_values_and_not_chunks(values, kind):
    def hash_of(values, cuts=()):
        return hash_tables({"t": pa.table({"c": chunked(values, cuts, kind)})})

    assert hash_of(values) == hash_of(values, [1]) == hash_of(values, [1, 2, 3])
    empty = {"a": "", 1: 0, 0.5: 0.0}.get(values[0] if not isinstance(values[0], list) else None, [])
    others = [values[::-1], values[:-1], [*values, None], [empty if v is None else v for v in values]]
    assert len({hash_of(values), *map(hash_of, others)}) == 5


def test_the_content_hash_sees_where_one_value_ends():
    def hash_of(*values):
        return hash_tables({"t": pa.table({"c": list(values)})})

    assert len({hash_of("ab", "c"), hash_of("a", "bc"), hash_of("abc", ""), hash_of("abc")}) == 4
    assert hash_tables({}) == hash_tables({})
    assert hash_tables({"t": pa.table({"c": ["a"]})}) != hash_tables({"t": pa.table({"d": ["a"]})})


def test_the_content_hash_is_pinned():
    """Runs name this hash: it may change only with the schema version."""
    table = pa.table({"c": ["信息", None], "n": [1, None], "l": [["a"], None]})
    assert hash_tables({"t": table}) == "19b9248f8da222650ded086a0f65a4fe6d59f6d4c359fc2ab19e2de282a22c77"
