"""Coded bags in, a choice out: penalised likelihood by L-BFGS from zero, one thread, no random start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from gknlp.errors import UsageError
from gknlp.rhetoric.learned.bags import Bag, weigh_grams
from gknlp.rhetoric.learned.choice import LOWEST, Choice

_MAX_STEPS = 120
_MEMORY = 8


def fit_choice(
    units: Sequence[Sequence[Bag]],
    labels: Sequence[str],
    groups: Sequence[str],
    *,
    values: tuple[str, ...],
    **how: float,
) -> Choice:
    """Learn from coded units; the same bits every time, one thread, no random start.

    Parameters
    ----------
    units, labels, groups : the bags of each unit, its value, and its agency.
    how : ``penalty`` (ridge of the common and own weights), ``spread`` (agencies that a feature must occur with).

    Raises UsageError where a label is none of the values or nothing is left to learn from.
    """
    unknown = sorted(set(labels) - set(values))
    if unknown:
        raise UsageError(f"the label {unknown[0]!r} is none of {', '.join(values)}")
    names = _choose_names(units, groups, int(how.get("spread", 3)))
    if not names:
        raise UsageError("no feature occurs with enough agencies: give units of more agencies")
    table = _tabulate(units, labels, names, values)
    with threadpool_limits(limits=1):  # the last bits of a product depend on the number of threads
        weights = _minimise(table, len(names), len(values), how.get("penalty", 2.0))
    return Choice(values, names, weights.astype(np.float32))


def _choose_names(units: Sequence[Sequence[Bag]], groups: Sequence[str], spread: int) -> tuple[str, ...]:
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for bags, group in zip(units, groups, strict=True):
        for bag in bags:
            for name in chain(bag.plain, bag.grams):
                holders[name].add(group)
    return tuple(sorted(name for name, of in holders.items() if len(of) >= spread and name.isprintable()))


@dataclass(frozen=True, eq=False)
class _Table:
    """``features`` bags x names; ``units`` of the bags; ``open`` and ``right`` bags x values: may have, and is right."""

    features: Any
    units: NDArray[np.int64]
    open: NDArray[np.bool_]
    right: NDArray[np.bool_]


def _tabulate(
    units: Sequence[Sequence[Bag]], labels: Sequence[str], names: tuple[str, ...], values: tuple[str, ...]
) -> _Table:
    rows = {name: row for row, name in enumerate(names)}
    columns: list[int] = []
    data: list[float] = []
    ends, owners = [0], []
    for number, bags in enumerate(units):
        for bag in bags:
            plain = [rows[name] for name in bag.plain if name in rows]
            grams = [rows[name] for name in bag.grams if name in rows]
            columns += plain + grams
            data += [1.0] * len(plain) + [weigh_grams(len(grams))] * len(grams)
            ends.append(len(columns))
            owners.append(number)
    allowed = np.array([[value in bag.values for value in values] for bags in units for bag in bags], dtype=bool)
    due = np.array([[value == label for value in values] for label in labels], dtype=bool)
    index = np.array(owners, dtype=np.int64)
    features = sparse.csr_array((np.array(data), np.array(columns), np.array(ends)), shape=(len(owners), len(names)))
    return _Table(features, index, allowed, allowed & due[index])


def _minimise(table: _Table, n_names: int, n_values: int, penalty: float) -> NDArray[np.float64]:
    features, turned = table.features, table.features.T.tocsr()
    n_units = int(table.units[-1]) + 1
    coded = (
        np.bincount(table.units, table.right.any(axis=1), n_units) > 0
    )  # a value that no bag stands for teaches nothing
    counts = coded[table.units][:, None]

    def shares(scores: NDArray[np.float64], mask: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        masked = np.where(mask, scores, LOWEST)
        top = np.full(n_units, LOWEST)
        np.maximum.at(top, table.units, masked.max(axis=1))
        heights = np.where(mask, np.exp(masked - top[table.units][:, None]), 0.0)
        totals = np.bincount(table.units, heights.sum(axis=1), n_units)
        totals = np.where(totals > 0, totals, 1.0)
        return top + np.log(totals), heights / totals[table.units][:, None]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(n_names, n_values + 1)
        scores = features @ (weights[:, :1] + weights[:, 1:])
        every, all_shares = shares(scores, table.open)
        right, right_shares = shares(scores, table.right)
        value = float((every - right)[coded].sum()) + penalty / 2 * float((weights**2).sum())
        own = turned @ np.where(counts, all_shares - right_shares, 0.0)
        slope = np.concatenate([own.sum(axis=1, keepdims=True), own], axis=1) + penalty * weights
        return value, slope.ravel()

    options = {"maxiter": _MAX_STEPS, "maxcor": _MEMORY}
    flat = minimize(loss, np.zeros(n_names * (n_values + 1)), jac=True, method="L-BFGS-B", options=options).x
    weights = flat.reshape(n_names, n_values + 1)
    total: NDArray[np.float64] = weights[:, :1] + weights[:, 1:]
    return total
