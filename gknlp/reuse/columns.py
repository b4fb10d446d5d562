"""Numbers to columns of text: ids, names of strata, hexadecimal hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gknlp.features.shingles import mix_codes
from gknlp.reuse.documents import Documents

_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


def take_ids(documents: Documents, numbers: NDArray[np.integer]) -> pa.Array:
    """The doc_id of each document number."""
    return take_words(documents.ids, numbers)


def rank_ids(documents: Documents) -> NDArray[np.int64]:
    """The place of each document in the order of doc_ids, which is the order of every table."""
    order = sorted(range(len(documents)), key=documents.ids.__getitem__)
    ranks = np.empty(len(documents), np.int64)
    ranks[order] = np.arange(len(documents))
    return ranks


def take_words(words: Sequence[str], numbers: NDArray[np.integer]) -> pa.Array:
    """The word of each number."""
    return pa.array(words, pa.string()).take(pa.array(numbers.astype(np.int64)))


def hex_column(hashes: NDArray[np.uint64]) -> pa.Array:
    """Sixteen hexadecimal digits of each hash.

    >>> hex_column(np.array([255], dtype=np.uint64)).to_pylist()
    ['00000000000000ff']
    """
    octets = hashes.astype(">u8").view(np.uint8).reshape(-1, 8)
    digits = np.empty((len(hashes), 16), dtype=np.uint8)
    digits[:, 0::2], digits[:, 1::2] = _HEX[octets >> 4], _HEX[octets & 15]
    offsets = np.arange(len(hashes) + 1, dtype=np.int32) * 16
    return pa.StringArray.from_buffers(len(hashes), pa.py_buffer(offsets), pa.py_buffer(digits.tobytes()))


def hash_words(words: Sequence[str]) -> NDArray[np.uint64]:
    """BLAKE2b-64 of each word."""
    data = b"".join(hashlib.blake2b(word.encode("utf-8"), digest_size=8).digest() for word in words)
    return np.frombuffer(data, dtype="<u8").astype(np.uint64)


def mix_parts(parts: Sequence[NDArray[np.generic]]) -> NDArray[np.uint64]:
    """One hash a row of several columns of whole numbers; the order of the columns counts."""
    mixed = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        mixed = mix_codes(mixed * np.uint64(31) + part.astype(np.uint64) + np.uint64(1))
    return mixed
