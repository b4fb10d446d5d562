"""Least squares with errors clustered by group, and how much of a linear estimate's variance is known. Numbers only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_ONE = 1 - 1e-9
_LOST = 1e-9


@dataclass(frozen=True, slots=True)
class ClusteredDesign:
    """A full-rank design X = QR, its rows' groups, and Q adjusted group by group (A_g Q_g of CR2).

    ``order`` puts rows in order of their groups, which begin at ``starts`` there. ``lost`` projects on the directions that one group alone determines: what they say has no estimable variance.
    """

    basis: Floats
    triangle: Floats
    adjusted: Floats
    lost: Floats
    groups: Ints
    order: Ints
    starts: Ints


@dataclass(frozen=True, slots=True)
class Estimates:
    """contrasts x outcomes. Variances: ``known`` as if outcomes were exact; ``noise`` what inexact outcomes add to it on
    average; ``between`` the variance of the estimate over possible outcomes. ``df`` : Satterthwaite's, one a contrast.

    ``estimable`` : whether at least two groups speak to a contrast; where not, its variance means nothing.
    """

    estimate: Floats
    known: Floats
    noise: Floats
    between: Floats
    df: Floats
    estimable: NDArray[np.bool_]


def prepare_design(rows: Floats, groups: Ints) -> ClusteredDesign:
    """The design made ready for `estimate_contrasts`; rows x coefficients of full rank, a group for each row: 0, 1, ... and none left out.

    CR2 multiplies the residuals of group g by (I - H_gg)^-1/2, H = QQ', so that the variance is unbiased where errors are
    in truth independent and equal. A direction that one group alone determines (eigenvalue 1) is left out of that inverse.

    Source: Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004.
    """
    with threadpool_limits(limits=1):  # the last bits of a product depend on the number of threads
        basis, triangle = np.linalg.qr(rows)
        adjusted = np.zeros_like(basis)
        lost = np.zeros_like(triangle)
        order = np.argsort(groups, kind="stable")
        starts = np.concatenate([[0], np.flatnonzero(np.diff(groups[order])) + 1])
        for members in np.split(order, starts[1:]):
            left, sizes, right = np.linalg.svd(basis[members], full_matrices=False)
            own = sizes**2 >= _ONE
            scale = np.where(own, 0.0, sizes / np.sqrt(np.where(own, 1.0, 1 - sizes**2)))
            adjusted[members] = (left * scale) @ right
            lost += right[own].T @ right[own]
    return ClusteredDesign(basis, triangle, adjusted, lost, groups, order, starts)


def estimate_contrasts(
    design: ClusteredDesign, contrasts: Floats, outcomes: Floats, variances: Floats | None = None
) -> Estimates:
    """Linear combinations of the coefficients with the parts of their variance.

    Parameters
    ----------
    contrasts : combinations x coefficients; the unit matrix gives the coefficients themselves.
    outcomes : rows x outcomes, the mean of what is known of each.
    variances : rows x outcomes, the variance of what is known of each, rows independent; None where it is exact.

    With e = (I - H) y the clustered variance is a sum over groups of (a_g' e_g)^2, a quadratic form in y; its mean over
    possible y, and the variance of the estimate over them, follow in closed form from means and variances alone.
    Degrees of freedom: 2 mean^2 / variance of that sum for independent equal errors (Bell & McCaffrey 2002).
    """
    shape = (len(contrasts), outcomes.shape[1])
    known, noise, between = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    df = np.zeros(len(contrasts))
    with threadpool_limits(limits=1):
        directions = np.linalg.solve(design.triangle.T, contrasts.T).T
        residuals = outcomes - design.basis @ (design.basis.T @ outcomes)
        estimate = directions @ (design.basis.T @ outcomes)
        for place, direction in enumerate(directions):
            weights = design.adjusted @ direction
            sums = _sum_by_group(design, weights[:, None] * residuals)
            known[place] = (sums**2).sum(axis=0)
            pulls = _sum_by_group(design, weights[:, None] * design.basis)
            df[place] = _satterthwaite(_sum_by_group(design, weights[:, None] ** 2)[:, 0], pulls)
            if variances is not None:
                noise[place] = _spread(design, weights, pulls) @ variances
                between[place] = (design.basis @ direction) ** 2 @ variances
        lost = np.einsum("cp,pq,cq->c", directions, design.lost, directions)
    estimable = (lost <= _LOST * (directions**2).sum(axis=1)) & (df > 0)
    return Estimates(estimate, known, noise, between, df, estimable)


def _sum_by_group(design: ClusteredDesign, values: Floats) -> Floats:
    sums: Floats = np.add.reduceat(values[design.order], design.starts, axis=0)
    return sums


def _satterthwaite(squares: Floats, pulls: Floats) -> float:
    """(trace P)^2 / sum of squares of P, with P = diag(squares) - pulls pulls'; 0 where no group is left."""
    lengths = (pulls**2).sum(axis=1)
    trace = float((squares - lengths).sum())
    inner = pulls.T @ pulls
    total = float((squares**2 - 2 * squares * lengths).sum() + (inner**2).sum())
    return trace**2 / total if trace > 0 and total > 0 else 0.0


def _spread(design: ClusteredDesign, weights: Floats, pulls: Floats) -> Floats:
    """For each row what its variance adds to the clustered variance: sum over groups g of ((I - H)_ig a_g)^2."""
    basis = design.basis
    own = (basis * pulls[design.groups]).sum(axis=1)
    spread: Floats = weights**2 - 2 * weights * own + ((basis @ (pulls.T @ pulls)) * basis).sum(axis=1)
    return spread
