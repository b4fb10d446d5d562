"""Scores in, one calibrated probability a theme out: the chance that coders gave the unit this label.

logit p(T) = own x s(T) - rival x best other s + bias(T); one slope for all themes, the biases drawn towards each other,
fitted on scores of units that the fit behind them never saw. With one theme this is Platt scaling; the second
slope is for competition: a theme that another outdoes is less likely.

Source: Platt 1999, Probabilistic outputs for support vector machines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from threadpoolctl import threadpool_limits

from gknlp.themes.learned.places import Allowed, Masks

Floats = NDArray[np.float64]
_DRAWN = 2.0  # how strongly a theme's bias is drawn to the common one, in units that observe it
_NONE = -1e30


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """The two slopes and a bias for each theme."""

    own: float
    rival: float
    bias: Floats

    def apply(self, scores: NDArray[np.floating], allowed: Allowed) -> Floats:
        """Units x themes: probabilities, 0 where a theme is not allowed; 1 where it is the only one that is."""
        best = best_rivals(scores, allowed.rivals)
        alone = best <= _NONE / 2
        logits = self.own * scores - self.rival * np.where(alone, 0.0, best) + self.bias
        found: Floats = np.where(allowed.labels, np.where(alone, 1.0, expit(logits)), 0.0)
        return found


def best_rivals(scores: NDArray[np.floating], rivals: Masks) -> Floats:
    """For each unit and theme the best score of another theme that the place allows; very low where there is none."""
    masked = np.where(rivals, scores, _NONE)
    if not masked.size:
        return masked.astype(np.float64)
    top = masked.argmax(axis=1)
    rows = np.arange(len(masked))
    first = masked[rows, top]
    masked[rows, top] = _NONE
    best = np.repeat(first[:, None], masked.shape[1], axis=1)
    best[rows, top] = masked.max(axis=1)
    return best.astype(np.float64)


def fit_calibration(scores: Floats, allowed: Allowed, gold: Masks) -> Calibration:
    """The calibration of scores that were given to units not learned from.

    Parameters
    ----------
    scores, gold : units x themes; ``gold`` says which labels the unit has.
    """
    seen = allowed.labels & (allowed.rivals.sum(axis=1, keepdims=True) > 1)
    rows, themes = np.nonzero(seen)
    own, rival = scores[rows, themes], best_rivals(scores, allowed.rivals)[rows, themes]
    target = gold[rows, themes].astype(np.float64)
    n_themes = scores.shape[1]

    def loss(flat: Floats) -> tuple[float, Floats]:
        logits = flat[0] * own - flat[1] * rival + flat[2] + flat[3:][themes]
        value = float(np.logaddexp(0, logits).sum() - (target * logits).sum()) + _DRAWN / 2 * float(
            (flat[3:] ** 2).sum()
        )
        error = expit(logits) - target
        slope = np.bincount(themes, weights=error, minlength=n_themes) + _DRAWN * flat[3:]
        return value, np.concatenate([[error @ own, -(error @ rival), error.sum()], slope])

    with threadpool_limits(limits=1):
        flat = minimize(loss, np.concatenate([[1.0, 1.0], np.zeros(n_themes + 1)]), jac=True, method="L-BFGS-B").x
    return Calibration(float(flat[0]), float(flat[1]), flat[2] + flat[3:])
