"""What a choice looks at: bags of named features, each standing for one or several of the values to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gknlp.rhetoric.marks import Mark, Place, Reading

_GRAM_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class Sight:
    """All that is known of a unit before a choice: its text (width folded), where it starts, marks, words and place.

    ``modality`` and ``actor`` are what the rules say, ``topic`` is what the n-grams let guess.
    """

    text: str
    start: int
    reading: Reading
    place: Place
    modality: str
    actor: Mark | None
    topic: str = ""

    @property
    def section(self) -> str:
        """Section and part in one word."""
        return f"{self.place.section}/{self.place.part}"


@dataclass(frozen=True, slots=True)
class Bag:
    """Features for some of the values, and the stretch of text they speak of.

    ``plain`` count 1 each; of the ``grams`` those that are known together weigh as much for a long text as for a short one.
    """

    values: tuple[str, ...]
    plain: tuple[str, ...]
    grams: tuple[str, ...] = ()
    span: tuple[int, int] | None = None


Look = Callable[[Sight], Sequence[Bag]]
"""How a facet sees a unit."""


def weigh_grams(n_known: int) -> float:
    """The weight of each of so many known n-grams; 0 for none."""
    return _GRAM_WEIGHT / n_known**0.5 if n_known else 0.0


def list_grams(text: str, lengths: Iterable[int], name: str) -> list[str]:
    """Every run of so many characters, with a name before it.

    >>> list_grams("公开", (1, 2), "g")
    ['g公', 'g开', 'g公开']
    """
    return [name + text[at : at + n] for n in lengths for at in range(len(text) - n + 1)]
