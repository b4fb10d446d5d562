"""Coded units in, a model of facets out: the same bits from the same units in whatever order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gknlp.errors import UsageError
from gknlp.rhetoric.learned.bags import Sight
from gknlp.rhetoric.learned.choice import Choice
from gknlp.rhetoric.learned.fit import fit_choice
from gknlp.rhetoric.learned.model import LEARNED, FacetModel
from gknlp.rhetoric.learned.topic import see_topic
from gknlp.rhetoric.patterns import patterns_hash

PENALTY = {"actor": 4.0, "modality": 2.0, "topic": 0.03}
"""Ridges chosen by cross-validation over the agencies that learning may see."""
SPREAD = 3
"""Agencies that a feature must occur with: what fewer say is a name or a habit."""


N_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Coded:
    """A unit as a model sees it, with what coders gave it: ``labels`` facet to value, and its primary theme as ``topic``."""

    id: str
    sight: Sight
    labels: Mapping[str, str]
    topic: str


def train_facets(coded: Iterable[Coded], *, name: str, about: Mapping[str, Any]) -> FacetModel:
    """Learn the facets that are learned; UsageError without units, or where a label is unknown.

    While they learn, each unit's topic is guessed by a model that has not seen its agency, as it will be in use.
    """
    units = sorted(coded, key=lambda unit: unit.id)
    if not units:
        raise UsageError("no coded units: there is nothing to learn from")
    topics = tuple(sorted({unit.topic for unit in units}))
    guessed = _guess_topics(units, topics)
    choices = {facet: _learn(guessed, facet) for facet in LEARNED}
    return FacetModel(name, choices, _learn_topics(units, topics), patterns_hash(), about)


def _guess_topics(units: Sequence[Coded], topics: tuple[str, ...]) -> list[Coded]:
    guessed: dict[str, Coded] = {}
    for fold in range(N_FOLDS):
        others = [unit for unit in units if _fold_of(unit) != fold]
        if not others:
            raise UsageError("coded units of one agency alone: units of more agencies are needed")
        choice = _learn_topics(others, topics)
        for unit in units:
            if _fold_of(unit) == fold:
                topic = choice.choose(see_topic(unit.sight, topics))[0]
                guessed[unit.id] = replace(unit, sight=replace(unit.sight, topic=topic))
    return [guessed[unit.id] for unit in units]


def _fold_of(unit: Coded) -> int:
    return hashlib.blake2b(_group(unit).encode(), digest_size=8).digest()[2] % N_FOLDS


def _group(unit: Coded) -> str:
    return unit.sight.place.agency or unit.id


def _learn_topics(units: Sequence[Coded], topics: tuple[str, ...]) -> Choice:
    bags = [see_topic(unit.sight, topics) for unit in units]
    how = {"penalty": PENALTY["topic"], "spread": SPREAD}
    return fit_choice(bags, [unit.topic for unit in units], list(map(_group, units)), values=topics, **how)


def _learn(units: Sequence[Coded], facet: str) -> Choice:
    look, values = LEARNED[facet]
    bags = [look(unit.sight) for unit in units]
    how = {"penalty": PENALTY[facet], "spread": SPREAD}
    return fit_choice(bags, [unit.labels[facet] for unit in units], list(map(_group, units)), values=values, **how)
