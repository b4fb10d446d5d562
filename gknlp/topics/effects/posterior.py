"""What is known of each report's shares: their means and variances under the model, or draws from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ShareSet:
    """Shares of topics. ``shares`` : reports x topics; ``concentration`` : one a report, or None where shares are exact.

    A report's shares are Dirichlet with parameters share * concentration: the variational posterior (gamma) of LDA, where
    the concentration is the number of counted words plus the sum of the prior.
    """

    keys: tuple[str, ...]
    topics: tuple[int, ...]
    shares: Floats
    concentration: Floats | None


def share_variances(shares: ShareSet) -> Floats | None:
    """Reports x topics: share (1 - share) / (concentration + 1), the variance of a Dirichlet; None for exact shares."""
    if shares.concentration is None:
        return None
    return shares.shares * (1 - shares.shares) / (shares.concentration[:, None] + 1)


def draw_shares(shares: ShareSet, *, n_draws: int, seed: int) -> Iterator[Floats]:
    """``n_draws`` times reports x topics from the Dirichlet of each report; exact shares come back as they are.

    A report's draws depend on the seed and on its id alone, not on which other reports there are nor on their order.
    """
    if shares.concentration is None:
        yield from (shares.shares for _ in range(n_draws))
        return
    made = np.empty((n_draws, *shares.shares.shape))
    parameters = np.maximum(shares.shares * shares.concentration[:, None], np.finfo(float).tiny)
    for place, (key, own) in enumerate(zip(shares.keys, parameters, strict=True)):
        made[:, place] = _generator(seed, key).dirichlet(own, size=n_draws)
    yield from made


def _generator(seed: int, key: str) -> np.random.Generator:
    digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def take_shares(shares: ShareSet, keys: Sequence[str]) -> ShareSet:
    """The shares of these reports, in this order."""
    place = {key: row for row, key in enumerate(shares.keys)}
    rows = [place[key] for key in keys]
    kept = None if shares.concentration is None else shares.concentration[rows]
    return ShareSet(tuple(keys), shares.topics, shares.shares[rows], kept)
