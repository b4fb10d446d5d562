"""Winnowing: which shingles are chosen, and that no long shared run goes without one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.errors import UsageError
from gknlp.features.fingerprints import choose_fingerprints, hash_spans, hash_windows
from gknlp.features.shingles import shingle_hashes

FEW = st.text(alphabet="甲乙丙", max_size=40)  # many ties
LENGTHS = st.integers(min_value=1, max_value=5)


def codes_of(*texts):
    codes = np.concatenate([np.zeros(0, np.uint32), *(np.frombuffer(t.encode("utf-32-le"), "<u4") for t in texts)])
    return codes.astype(np.uint32), np.cumsum([0, *map(len, texts)]).astype(np.int64)


def chosen_by_definition(text, length, window):
    """The rightmost smallest hash of each window of shingles; of a text with fewer shingles, of all it has."""
    hashes = shingle_hashes(text, length).tolist()
    spans = [range(at, at + window) for at in range(len(hashes) - window + 1)] or (
        [range(len(hashes))] if hashes else []
    )
    return sorted({min(span, key=lambda at: (hashes[at], -at)) for span in spans})


@settings(max_examples=300, deadline=None)
@given(st.lists(FEW, max_size=4), LENGTHS, LENGTHS)
def test_chosen_as_defined(texts, length, window):
    codes, bounds = codes_of(*texts)
    prints = choose_fingerprints(codes, bounds, length=length, window=window)
    expected = [bounds[n] + at for n, text in enumerate(texts) for at in chosen_by_definition(text, length, window)]
    assert prints.at.tolist() == expected
    whole = [shingle_hashes(text, length).tolist() for text in texts]
    for n in range(len(texts)):
        own = range(prints.bounds[n], prints.bounds[n + 1])
        assert [prints.hashes[f] for f in own] == [whole[n][prints.at[f] - bounds[n]] for f in own]


@settings(max_examples=300, deadline=None)
@given(FEW, FEW, FEW, FEW, st.text(alphabet="甲乙丙丁", min_size=7, max_size=20))
def test_a_shared_run_has_a_fingerprint_at_the_same_place_of_both(a, b, c, d, run):
    length, window = 3, 5
    codes, bounds = codes_of(a + run + b, c + run + d)
    prints = choose_fingerprints(codes, bounds, length=length, window=window)
    begins = len(a), bounds[1] + len(c)
    in_run = [
        {int(at) - begin for at in prints.at if begin <= at and at + length <= begin + len(run)} for begin in begins
    ]
    assert in_run[0] & in_run[1]


def test_about_two_of_ten_are_chosen():
    codes = np.random.default_rng(7).integers(0x4E00, 0x9000, 100_000).astype(np.uint32)
    prints = choose_fingerprints(codes, np.array([0, len(codes)]), length=12, window=9)
    assert 0.19 < len(prints.at) / len(codes) < 0.21


def test_no_text_and_texts_shorter_than_a_shingle():
    codes, bounds = codes_of("", "甲乙", "甲乙丙")
    assert choose_fingerprints(codes, bounds, length=3, window=4).at.tolist() == [2]
    assert len(choose_fingerprints(*codes_of(), length=3, window=4).at) == 0


@pytest.mark.parametrize(("length", "window"), [(0, 1), (1, 0)])
def test_nothing_is_no_length(length, window):
    with pytest.raises(UsageError, match="at least 1"):
        choose_fingerprints(*codes_of("甲"), length=length, window=window)


def test_hashes_of_places_and_of_stretches():
    text = "主动公开政府信息𠀀主动公开政府信息"
    codes, _ = codes_of(text)

    def windows(at, length):
        hashes = np.empty(len(at), np.uint64)
        hash_windows(codes, np.array(at), length, hashes)
        return hashes.tolist()

    first, again, other = windows([0, 9, 1], 8)
    assert first == again != other
    assert len(set(windows(range(9), 8))) == 9, "neighbours differ"
    assert windows([0], 7) != [first]
    one, other, whole = hash_spans(codes, np.array([0, 9, 0]), np.array([8, 17, 17])).tolist()
    assert one == other != whole
