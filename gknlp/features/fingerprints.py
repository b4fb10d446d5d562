"""Fingerprints of folded text by winnowing: few positions, chosen so that no long shared run is missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gknlp.engine.memory import Memory
from gknlp.errors import UsageError
from gknlp.features.compiled import compiled, inlined
from gknlp.features.shingles import BASE, MIX_A, MIX_B, mix_codes

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Fingerprints:
    """Chosen windows of ``length`` characters, in text order: ``at`` is where each begins, ``hashes`` its hash.

    ``bounds``: the first fingerprint of each stretch, and the end.
    """

    length: int
    at: Int64s
    hashes: Hashes
    bounds: Int64s


def choose_fingerprints(codes: Codes, bounds: Int64s, *, length: int, window: int) -> Fingerprints:
    """The rightmost smallest hash of every ``window`` consecutive shingles of ``length`` characters, each once.

    Guarantee: where two stretches share a run of at least ``length + window - 1`` characters, one fingerprint of each
    stands at the same place in the run (equal windows choose alike). A stretch too short for a whole window gives the
    smallest of the shingles it has, so a stretch of ``length`` characters or more is never without one.

    Parameters
    ----------
    codes : folded code points, one stretch after the other.
    bounds : first position of each stretch, and the end; no shingle crosses one.
    length, window : at least 1.

    Returns
    -------
    About ``2 / (window + 1)`` fingerprints a character; none for no text. The hash of a window is that of
    ``gknlp.features.shingles``.

    Raises
    ------
    UsageError : length or window below 1.

    Source: Schleimer, Wilkerson & Aiken 2003, Winnowing: local algorithms for document fingerprinting (robust winnowing).
    """
    if length < 1 or window < 1:
        raise UsageError(f"fingerprints of length {length} in windows of {window}: give at least 1 for both")
    room = int(bounds[-1] - bounds[0])  # one a shingle at most; pages that are never written to cost no memory
    columns = (np.empty(room, np.uint64), np.empty(room, np.int64))
    hashes, at, stretch_bounds = _winnow(codes, bounds, length, window, _mixed_table(), columns)
    return Fingerprints(length=length, at=at, hashes=hashes, bounds=stretch_bounds)


def join_fingerprints(blocks: Iterable[Fingerprints], length: int, memory: Memory) -> Fingerprints:
    """Those of neighbouring blocks of one column as one; none give none."""
    every = [
        one
        if memory.folder is None
        else replace(one, at=memory.join([one.at], np.int64), hashes=memory.join([one.hashes], np.uint64))
        for one in blocks
    ]
    sizes = np.cumsum([0, *(len(one.at) for one in every)]).astype(np.int64)
    return Fingerprints(
        length=length,
        at=memory.join((one.at for one in every), np.int64),
        hashes=memory.join((one.hashes for one in every), np.uint64),
        bounds=np.concatenate(
            [np.zeros(1, np.int64), *(one.bounds[1:] + size for one, size in zip(every, sizes.tolist(), strict=False))]
        ),
    )


def hash_windows(codes: Codes, at: Int64s, length: int, hashes: Hashes) -> None:
    """Fill in a hash of the ``length`` characters from each position on; the caller sees to it that they are there.

    Equal windows of one length have equal hashes; they are not those of shingles. A sum of products: its terms wait for
    nothing, so the compiler does many at once, where a rolling hash waits for every character.

    Source: Carter & Wegman 1979, Universal classes of hash functions (multilinear hashing).
    """
    _hash_at(codes, at, mix_codes(np.arange(length, dtype=np.uint64) + MIX_A) | np.uint64(1), hashes)


@cache
def _mixed_table() -> Hashes:
    """The mixed value of every code point below 0x10000."""
    return mix_codes(np.arange(0x10000, dtype=np.uint64))


@inlined
def _mix(value):  # type: ignore[no-untyped-def]  # numba infers the types
    value = (value ^ (value >> np.uint64(30))) * MIX_A
    value = (value ^ (value >> np.uint64(27))) * MIX_B
    return value ^ (value >> np.uint64(31))


@inlined
def _mixed(code, table):  # type: ignore[no-untyped-def]  # numba infers the types
    return table[code] if code < 0x10000 else _mix(np.uint64(code))


@compiled
def _winnow(codes, bounds, length, window, table, columns):  # type: ignore[no-untyped-def]  # numba infers the types
    hashes, at = columns
    stretch_bounds = np.zeros(bounds.shape[0], np.int64)
    top = np.uint64(1)
    for _ in range(length):
        top = top * BASE
    longest = 0
    for s in range(bounds.shape[0] - 1):
        longest = max(longest, bounds[s + 1] - bounds[s])
    mixed, shingles = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    m = 0
    for s in range(bounds.shape[0] - 1):
        first, last = bounds[s], bounds[s + 1] - length  # where the first and the last shingle begin
        n = last + 1 - first
        if n > 0:
            for i in range(
                n + length - 1
            ):  # short loops, one thing each: the compiler does several steps of one at once
                mixed[i] = _mixed(codes[first + i], table)
            rolling = np.uint64(0)
            for i in range(length - 1):
                rolling = rolling * BASE + mixed[i]
            gone = np.uint64(0)
            for i in range(n):
                rolling = rolling * BASE + (mixed[i + length - 1] - gone)
                shingles[i] = rolling
                gone = top * mixed[i]
            for i in range(n):
                shingles[i] = _mix(shingles[i])
        best, best_hash, kept = np.int64(-1), np.uint64(0), np.int64(-1)
        for i in range(n):
            here = shingles[i]
            if best < 0 or here <= best_hash:
                best, best_hash = i, here
            elif best <= i - window:
                best, best_hash = i - window + 1, shingles[i - window + 1]
                for place in range(i - window + 2, i + 1):
                    if shingles[place] <= best_hash:
                        best, best_hash = place, shingles[place]
            if best != kept and (i >= window - 1 or i == n - 1):
                hashes[m] = best_hash
                at[m] = first + best
                kept = best
                m += 1
        stretch_bounds[s + 1] = m
    return hashes[:m], at[:m], stretch_bounds


@compiled
def _hash_at(codes, at, factors, hashes):  # type: ignore[no-untyped-def]  # numba infers the types
    length = factors.shape[0]
    for n in range(at.shape[0]):
        window = codes[at[n] : at[n] + length]
        total = np.uint64(length)
        for i in range(length):
            total += np.uint64(window[i]) * factors[i]
        hashes[n] = _mix(total)


def hash_spans(codes: Codes, starts: Int64s, ends: Int64s) -> Hashes:
    """The hash of each stretch from ``starts`` to ``ends`` (exclusive), whatever its length; equal wording, equal hash."""
    hashes: Hashes = _hash_spans(codes, starts, ends, _mixed_table())
    return hashes


@compiled
def _hash_spans(codes, starts, ends, table):  # type: ignore[no-untyped-def]  # numba infers the types
    hashes = np.empty(starts.shape[0], np.uint64)
    for n in range(starts.shape[0]):
        rolling = np.uint64(0)
        for i in range(starts[n], ends[n]):
            rolling = rolling * BASE + _mixed(codes[i], table)
        hashes[n] = _mix(rolling)
    return hashes
