"""The floors of the planted corpus: what is kept, and the only way to change it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import ceil, floor
from pathlib import Path
from typing import Any

PATH = Path(__file__).parent / "floors.json"
GATES = {
    "case recall": 0.98,
    "character recall": 0.95,
    "granularity": 1.02,
    "near-copy recall": 0.99,
    "macro f1": 0.95,
    "wrongly original, of those copied": 0.01,
}
"""What was promised, whatever the floors say. "Characters called original wrongly" is taken in its strictest sense: of the
characters that were copied; the other two are printed and have floors, too."""
STEPS = 1000
"""Floors are the scores to the next thousandth below (ceilings: above): scores are exact, so nothing else may move them."""


def is_ceiling(name: str) -> bool:
    """Whether less is better."""
    return name == "granularity" or name.startswith("wrongly")


def holds(name: str, score: float, bound: float) -> bool:
    """Whether a score is as good as its floor (or ceiling)."""
    return score <= bound if is_ceiling(name) else score >= bound


def load_floors() -> dict[str, dict[str, Any]]:
    """By number of documents: sha256 of the corpus, the floors, and what was lowered and why."""
    floors: dict[str, dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))
    return floors


def round_floor(name: str, score: float) -> float:
    """The floor that a score sets."""
    return ceil(score * STEPS) / STEPS if is_ceiling(name) else floor(score * STEPS) / STEPS


def move_floors(old: Mapping[str, Any], sha256: str, scores: Mapping[str, float], because: str) -> dict[str, Any]:
    """The floors after new scores: raised where these are better; lower, or of another corpus, only with a reason.

    Parameters
    ----------
    old : sha256, floors, lowered; empty for a corpus that had none.
    because : the reason, '' for none; it is kept beside what was lowered.

    Raises
    ------
    ValueError : something would get lower, or the corpus is another, and no reason is given.
    """
    new = {name: round_floor(name, score) for name, score in scores.items()}
    before = old.get("floors", {})
    lower = sorted(name for name, bound in before.items() if name not in new or not holds(name, new[name], bound))
    if old and old["sha256"] != sha256:
        lower.insert(0, "corpus")
    if lower and not because:
        raise ValueError(f"{lower} would be lowered or replaced; if that is meant, say why with --because")
    lowered = [*old.get("lowered", []), {"what": lower, "because": because}] if lower else list(old.get("lowered", []))
    return {"sha256": sha256, "floors": new, "lowered": lowered}


def write_floors(floors: Mapping[str, Any]) -> None:
    """Write the file."""
    PATH.write_text(json.dumps(floors, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
