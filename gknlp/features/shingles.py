"""Hashes of every run of k consecutive code points: the numbers by which copied text is found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gknlp.errors import UsageError

# Scheme 1, fixed for good (hashes may be stored): code points mixed by SplitMix64's finaliser, a polynomial in BASE
# modulo 2**64 over k of them, mixed once more. Mixing first keeps neighbouring code points from cancelling out; mixing
# last spreads the low bits, so that "the smallest hash" is a fair choice among windows.
BASE = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, odd, so that no factor is lost modulo 2**64
MIX_A = np.uint64(0xBF58476D1CE4E5B9)
MIX_B = np.uint64(0x94D049BB133111EB)


def shingle_hashes(folded: str, k: int) -> NDArray[np.uint64]:
    """A 64-bit hash for each window of ``k`` code points, in text order.

    Equal windows have equal hashes on every machine; unequal ones collide with a chance near 2**-64 a pair, so whoever
    quotes a match compares the characters.

    Parameters
    ----------
    folded : text, normally from ``fold_text``.
    k : window length in code points, at least 1.

    Returns
    -------
    ``len(folded) - k + 1`` hashes; none for a text shorter than ``k``.

    Raises
    ------
    UsageError : k < 1.

    Source: rolling hash of Karp & Rabin 1987; finaliser of SplitMix64 (Steele, Lea & Flood 2014).

    >>> first, second, third = shingle_hashes("公开公开", 2).tolist()
    >>> first == third, first == second
    (True, False)
    """
    if k < 1:
        raise UsageError(f"shingle length is {k}; give at least 1")
    n_windows = len(folded) - k + 1
    if n_windows <= 0:
        return np.empty(0, dtype=np.uint64)
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    mixed = mix_codes(codes)
    hashes = mixed[:n_windows].copy()
    for offset in range(1, k):
        hashes *= BASE
        hashes += mixed[offset : offset + n_windows]
    return mix_codes(hashes)


def mix_codes(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each 64-bit value mixed by SplitMix64's finaliser."""
    values = (values ^ (values >> np.uint64(30))) * MIX_A
    values = (values ^ (values >> np.uint64(27))) * MIX_B
    return values ^ (values >> np.uint64(31))
