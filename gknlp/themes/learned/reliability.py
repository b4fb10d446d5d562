"""Whether probabilities mean what they say: expected calibration error (ECE), and what abstaining buys.

Sources: Naeini, Cooper & Hauskrecht 2015 and Guo et al. 2017 (ECE over 15 bins of equal width, confidence of the likeliest
label against how often it is right); Nixon et al. 2019 for bins of equal mass; Geifman & El-Yaniv 2017 for the curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
N_BINS = 15


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """At a threshold: the share of units that still get a label, and how many of these get a right first one."""

    threshold: float
    coverage: float
    accuracy: float | None


def expected_calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Mean over units of |accuracy - mean confidence| of their bin; 15 bins of equal width; 0.0 for no units.

    >>> expected_calibration_error(np.array([0.9, 0.9, 0.9, 0.9]), np.array([True, True, True, False]))
    0.15
    """
    bins = np.minimum((confidence * N_BINS).astype(np.int64), N_BINS - 1)
    return _binned_error(confidence, right, bins)


def calibration_error_by_mass(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """The same over 15 bins that hold equally many units, so that no bin hides in a crowd."""
    order = np.argsort(confidence, kind="stable")
    bins = np.zeros(len(confidence), np.int64)
    bins[order] = np.arange(len(confidence)) * N_BINS // max(len(confidence), 1)
    return _binned_error(confidence, right, bins)


def coverage_curve(confidence: Floats, right: NDArray[np.bool_]) -> tuple[CurvePoint, ...]:
    """For thresholds 0, 0.1 .. 0.9, 0.95: coverage, and accuracy of the first label among the units covered."""
    points = []
    for threshold in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        kept = confidence >= threshold
        accuracy = float(right[kept].mean()) if kept.any() else None
        points.append(CurvePoint(threshold, float(kept.mean()) if len(kept) else 0.0, accuracy))
    return tuple(points)


def _binned_error(confidence: Floats, right: NDArray[np.bool_], bins: NDArray[np.int64]) -> float:
    if not len(confidence):
        return 0.0
    gaps = np.bincount(bins, weights=right - confidence, minlength=N_BINS)
    return round(float(np.abs(gaps).sum() / len(confidence)), 12)
