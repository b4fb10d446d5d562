"""The result is the same for any number of workers, of blocks and of parts, in memory and on disk, in any order."""

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from gknlp.engine.memory import Memory
from gknlp.reuse import ReuseConfig, analyse_documents, make_tables
from gknlp.reuse.documents import read_texts
from gknlp.reuse.references import References
from gknlp.reuse.resources import Resources
from gknlp.tables import encode_parquet
from tests.reuse.planted import write_documents

N_DOCUMENTS = 150


def digest(texts, resources, references=None):
    found = analyse_documents(
        read_texts(texts), references=references or References(), config=ReuseConfig(), resources=resources
    )
    return {name: hashlib.sha256(encode_parquet(table)).hexdigest() for name, table in make_tables(found).items()}


@pytest.fixture(scope="module")
def texts():
    return pa.Table.from_pylist([document.row() for document in write_documents(N_DOCUMENTS)])


@pytest.fixture(scope="module")
def alone(texts):
    return digest(texts, Resources())


@pytest.mark.parametrize(
    ("workers", "block", "part", "on_disk"),
    [
        (1, 10_000, 1 << 24, False),
        (1, 1, 1 << 24, False),
        (1, 1 << 26, 1_000, False),
        (2, 1 << 26, 1 << 24, False),
        (3, 50_000, 100, False),
        (1, 1 << 26, 1 << 24, True),
        (3, 20_000, 3_000, True),
    ],
)
def test_same_bytes(texts, alone, tmp_path, workers, block, part, on_disk):
    memory = Memory(tmp_path) if on_disk else Memory()
    assert digest(texts, Resources(workers=workers, block=block, part=part, memory=memory)) == alone
    assert list(tmp_path.iterdir()) == [], "files of columns have no name"


def test_same_bytes_for_any_order(texts, alone, tmp_path):
    for seed in (1, 2):
        order = np.random.default_rng(seed).permutation(texts.num_rows)
        assert digest(texts.take(pa.array(order)), Resources(workers=2, memory=Memory(tmp_path), part=500)) == alone


def test_references_are_marked_alike(texts, tmp_path):
    quoted = References(mandated=(texts["text"][3].as_py()[200:500],), model_text=(texts["text"][5].as_py()[300:600],))
    resources = Resources(workers=2, block=30_000, memory=Memory(tmp_path))
    assert digest(texts, resources, quoted) == digest(texts, Resources(), quoted) != digest(texts, Resources())


def test_no_documents(tmp_path):
    empty = pa.table({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())})
    assert digest(empty, Resources(workers=2, memory=Memory(tmp_path))) == digest(empty, Resources())


def test_parts_hold_all_keys():
    assert [Resources(part=1000).n_parts(n) for n in (0, 1, 512, 513, 5_000)] == [1, 1, 1, 2, 16]


def test_blocks_hold_all_items():
    bounds = np.array([0, 5, 5, 9, 30, 31])
    assert Resources(block=10).cut(bounds) == [(0, 3), (3, 4), (4, 5)]
    assert Resources(workers=2).cut(bounds)[0][0] == 0
    assert Resources().cut(np.zeros(1, np.int64)) == []


def test_a_full_disk_is_an_error(texts):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with pytest.raises(OSError, match=r"(?i)space|directory|permission|denied"):
        digest(texts, Resources(memory=Memory(Path("/dev/full"))))
