"""A hash of what tables say: the same for any segmentation, chunking, file format and library version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def hash_tables(tables: Mapping[str, pa.Table]) -> str:
    """SHA-256 (hex) over the names, columns and rows of sorted tables, tables in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(f"{name}\0{tables[name].num_rows}\0".encode())
        for field in tables[name].schema:
            digest.update(f"{field.name}\0".encode())
            digest.update(_hash_column(tables[name][field.name]))
    return digest.hexdigest()


def _hash_column(column: pa.ChunkedArray) -> bytes:
    """Three hashes, of which values are there, how long they are, and what they hold; nulls hold nothing."""
    there, lengths, values = (hashlib.sha256() for _ in range(3))
    is_list = pa.types.is_list(column.type)
    for chunk in column.chunks:
        there.update(_bytes_of(pc.is_valid(chunk).cast(pa.uint8())))
        if is_list:
            lengths.update(_bytes_of(pc.fill_null(pc.list_value_length(chunk), 0).cast(pa.int64())))
        elif pa.types.is_string(column.type):
            lengths.update(_bytes_of(pc.fill_null(pc.binary_length(chunk), 0).cast(pa.int64())))
            values.update(_text_bytes(chunk))
        else:
            values.update(_bytes_of(pc.fill_null(chunk, 0)))
    if is_list:
        elements = [chunk.flatten() for chunk in column.chunks]
        values.update(_hash_column(pa.chunked_array(elements, type=column.type.value_type)))
    return there.digest() + lengths.digest() + values.digest()


def _text_bytes(texts: pa.Array) -> memoryview:
    """The UTF-8 bytes of all texts, one after the other; null counts as empty."""
    filled = pc.fill_null(texts, "")
    _, offsets, data = filled.buffers()
    if not len(filled) or data is None:
        return memoryview(b"")
    ends = np.frombuffer(offsets, np.int32)[filled.offset : filled.offset + len(filled) + 1]
    return memoryview(data)[ends[0] : ends[-1]]


def _bytes_of(numbers: pa.Array) -> bytes:
    return bytes(numbers.to_numpy(zero_copy_only=False).data)
