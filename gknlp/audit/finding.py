"""What a check says: one rule instance with its outcome and the places that show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from gknlp.records import Span

Outcome = Literal["pass", "fail", "not_assessable"]
Fact = str | int | float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One instance of a rule on one report; ``expected`` and ``found`` are what the rule compares, None if unknown."""

    doc_id: str
    rule: str
    instance: str
    outcome: Outcome
    severity: str
    expected: Fact = None
    found: Fact = None
    spans: tuple[Span, ...] = ()


def judge(*, holds: bool | None) -> Outcome:
    """The outcome of a condition; None where it could not be assessed."""
    return "not_assessable" if holds is None else "pass" if holds else "fail"


def fact_text(fact: Fact) -> str | None:
    """A compared value as it stands in table ``findings``: whole numbers without a point.

    >>> fact_text(2.0), fact_text("我局"), fact_text(None)
    ('2', '我局', None)
    """
    if isinstance(fact, float) and fact.is_integer():
        return str(int(fact))
    return None if fact is None else str(fact)


def join_spans(*spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans of several cells or stretches, each once, in text order."""
    return tuple(sorted({span for group in spans for span in group}))
