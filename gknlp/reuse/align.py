"""Two runs of characters laid side by side: how far they go together, and how many edits lie between them."""

from __future__ import annotations

import numpy as np

from gknlp.features.compiled import compiled

BAND = 62
"""Diagonals followed at once on either side; past them the alignment starts afresh from its best point."""
_LOOK, _LANES = 20, 16
SCRATCH = 2 * BAND + 7
"""Numbers of scratch that ``extend`` needs."""
_OUTSIDE = -2


@compiled
def extend(codes, i, j, room_i, room_j, step, max_gap, band):  # type: ignore[no-untyped-def]  # numba infers the types
    """Characters of both sides, and edits, from (i, j) on in direction ``step`` (1 or -1), while they go together.

    A match gains 1, a character inserted or left out costs 2, one replaced 1.5; the end is where the gain is greatest,
    and a way is given up once it has fallen by ``2 * max_gap`` without a match after it: more than ``max_gap`` characters
    put in or left out in a row end the run (of characters replaced a third more). At most ``room_i``, ``room_j`` characters.
    ``band``: scratch of ``SCRATCH``.

    Source: Zhang, Schwartz, Wagner & Miller 2000, A greedy algorithm for aligning DNA sequences (X-drop).
    """
    far_i, far_j, edits = 0, 0, 0
    while True:
        a, b, d, on = _extend_band(
            codes, i + step * far_i, j + step * far_j, room_i - far_i, room_j - far_j, step, max_gap, band
        )
        far_i += a
        far_j += b
        edits += d
        if not on or a == 0:
            return far_i, far_j, edits


@compiled
def _extend_band(codes, i, j, room_i, room_j, step, max_gap, band):  # type: ignore[no-untyped-def]  # see extend
    room = min(room_i, room_j)
    x = count_equal(codes, i, j, room) if step == 1 else count_equal_back(codes, i, j, room)
    if room - x >= _LOOK and _ends_here(codes, i + step * x, j + step * x, step, 4 * max_gap, band):
        return x, x, 0, False
    best_x, best_y, best_d, best = x, x, 0, 2 * x  # gains are doubled, so that they are whole numbers
    middle = BAND + 3
    for k in range(-2, 3):
        band[middle + k] = _OUTSIDE
    band[middle] = x
    low, high, d = 0, 0, 0
    while True:
        d += 1
        if low - 1 < -BAND or high + 1 > BAND:
            return best_x, best_y, best_d, True
        new_low, new_high, alive = 0, 0, False
        left, here = _OUTSIDE, _OUTSIDE  # how far the last round came on the diagonals k - 1 and k; -1: given up
        for k in range(low - 1, high + 2):  # diagonal: how many more characters of i than of j
            right = np.int64(band[middle + k + 1])
            x = here + 1 if here >= 0 else -1
            if left >= x:
                x = left + 1
            x = max(x, right)
            left, here = here, right
            band[middle + k] = -1
            y = x - k
            if x < 0 or y < 0 or x > room_i or y > room_j:
                continue
            while x < room_i and y < room_j and codes[i + step * x] == codes[j + step * y]:
                x += 1
                y += 1
            gain = x + y - 5 * d
            if gain > best:
                best_x, best_y, best_d, best = x, y, d, gain
            elif best - gain >= 4 * max_gap:
                continue
            band[middle + k] = x
            if not alive:
                new_low, alive = k, True
            new_high = k
        if not alive:
            return best_x, best_y, best_d, False
        low, high = new_low, new_high
        band[middle + low - 2], band[middle + low - 1] = _OUTSIDE, _OUTSIDE
        band[middle + high + 1], band[middle + high + 2] = _OUTSIDE, _OUTSIDE


@compiled
def count_equal(codes, i, j, room):  # type: ignore[no-untyped-def]  # numba infers the types
    """How many of the ``room`` characters from i and from j on are the same, one after the other."""
    ours, theirs = codes[i : i + room], codes[j : j + room]
    x = 0
    while x + _LANES <= room:
        one, other = ours[x : x + _LANES], theirs[x : x + _LANES]
        unlike = np.uint32(0)
        for q in range(_LANES):
            unlike |= one[q] ^ other[q]
        if unlike:
            break
        x += _LANES
    while x < room and ours[x] == theirs[x]:
        x += 1
    return x


@compiled
def count_equal_back(codes, i, j, room):  # type: ignore[no-untyped-def]  # numba infers the types
    """How many of the ``room`` characters that end with those at i and at j are the same, from the end on."""
    ours, theirs = codes[i + 1 - room : i + 1], codes[j + 1 - room : j + 1]
    left = room
    while left >= _LANES:
        one, other = ours[left - _LANES : left], theirs[left - _LANES : left]
        unlike = np.uint32(0)
        for q in range(_LANES):
            unlike |= one[q] ^ other[q]
        if unlike:
            break
        left -= _LANES
    while left > 0 and ours[left - 1] == theirs[left - 1]:
        left -= 1
    return room - left


@compiled
def _ends_here(codes, i, j, step, lost, window):  # type: ignore[no-untyped-def]  # numba infers the types
    """Whether it is plain that no way on from (i, j) gains: too few characters ahead are on the other side near by.

    Going on by n characters on the longer side with t matches among them costs at least n - t edits, so it gains at most
    ``2 * t - 3 * (n - t)``; and t is at most the number of steps whose new characters stand among the other side's last.
    As long as that is 0 or less nothing is gained; a way that stops at ``-lost`` is given up, and where the next step
    cannot be a match every way stops. Not being sure is no.
    """
    for q in range(_LANES):
        window[q] = -1
        window[_LANES + _LOOK + q] = -2
    here, there = _LANES, 2 * _LANES + _LOOK
    ours, theirs = window[here : here + _LOOK], window[there : there + _LOOK]
    if step == 1:
        one_side, other_side = codes[i : i + _LOOK], codes[j : j + _LOOK]
        for q in range(_LOOK):
            ours[q], theirs[q] = one_side[q], other_side[q]
    else:
        one_side, other_side = codes[i + 1 - _LOOK : i + 1], codes[j + 1 - _LOOK : j + 1]
        for q in range(_LOOK):
            ours[q], theirs[q] = one_side[_LOOK - 1 - q], other_side[_LOOK - 1 - q]
    matches = 0
    for n in range(1, _LOOK + 1):
        if n > _LANES and lost + 3 + 5 * matches - 3 * (n - 1) >= _LANES:
            return False  # a way further off the diagonal than is looked at may still be open
        one, other = window[here + n - 1], window[there + n - 1]
        hits = np.int32(0)
        before, also = window[here + n - _LANES : here + n], window[there + n - _LANES : there + n]
        for q in range(_LANES):  # slices: their indices are known to be no negative ones, so that all lanes go at once
            hits |= np.int32(before[q] == other) | np.int32(also[q] == one)
        if hits:
            matches += 1
        most = 5 * matches - 3 * n
        if most > 0:
            return False
        if not hits and most + 3 <= -lost:
            return True
    return False


@compiled
def count_edits(codes, i, n, j, m, most, now, then):  # type: ignore[no-untyped-def]  # numba infers the types
    """Levenshtein distance of the n characters from i and the m from j; ``most`` if it is not below that.

    ``now``, ``then``: scratch of ``2 * most + 3`` each. Time grows with ``n + most ** 2``.

    Source: Ukkonen 1985, Algorithms for approximate string matching.
    """
    aim = n - m  # the diagonal on which both end
    if abs(aim) >= most:
        return most
    middle = most + 1
    x = 0
    while x < n and x < m and codes[i + x] == codes[j + x]:
        x += 1
    if x == n and x == m:
        return 0
    now[middle] = x
    low, high = 0, 0
    for d in range(1, most):
        left = most - 1 - d  # edits that remain to come back to the aim
        new_low, new_high = max(low - 1, aim - left, -m), min(high + 1, aim + left, n)
        for k in range(new_low, new_high + 1):
            x = -1
            if low <= k <= high:
                x = now[middle + k] + 1
            if low <= k - 1 <= high:
                x = max(x, now[middle + k - 1] + 1)
            if low <= k + 1 <= high:
                x = max(x, now[middle + k + 1])
            x = min(x, n, m + k)
            y = x - k
            while x < n and y < m and codes[i + x] == codes[j + y]:
                x += 1
                y += 1
            if x == n and y == m:
                return d
            then[middle + k] = x
        low, high = new_low, new_high
        now, then = then, now
    return most
