"""What coders say of a unit beside its themes (facets): the admissible values, and one unit's codes as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

SEPARATOR = ";"
NONE = "none"
"""How a coder says that a unit has no specificity at all: an empty cell says that nobody looked."""
SPECIFICITY = ("number", "date", "instrument", "place_or_body")
FACETS: Mapping[str, tuple[str, ...]] = {
    "modality": ("done", "planned", "exhortative", "state"),
    "specificity": (
        NONE,
        *(SEPARATOR.join(some) for size in range(1, 5) for some in combinations(SPECIFICITY, size)),
    ),
    "valence": ("achievement", "neutral", "shortfall"),
    "hedge": ("0", "1"),
    "actor": ("self", "superior", "staff", "public", NONE),
}
"""Every facet with its values, in the order of a drop-down."""
MAX_LABELS = 3
"""Most themes of a unit, by the codebook's rule of coding."""


@dataclass(frozen=True, slots=True)
class Codes:
    """What one coder, or the adjudication, says of one unit: themes with the primary first, facets by name.

    A facet that is not there was not coded.
    """

    labels: tuple[str, ...]
    facets: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def primary(self) -> str:
        """The first theme."""
        return self.labels[0]

    def agrees_with(self, other: Codes) -> bool:
        """Whether both name one primary and the same set of themes; the order of the others does not count."""
        return self.primary == other.primary and set(self.labels) == set(other.labels)


def fold_facet(name: str, value: str) -> str | None:
    """The admissible value that a coder's cell means; None for one that is none of them.

    >>> fold_facet("specificity", "date; number"), fold_facet("hedge", "1.0"), fold_facet("valence", "great")
    ('number;date', '1', None)
    """
    value = value.strip().lower()
    if name == "specificity":
        parts = {part.strip() for part in value.replace(",", SEPARATOR).replace("；", SEPARATOR).split(SEPARATOR)}
        value = SEPARATOR.join(part for part in SPECIFICITY if part in parts) if parts <= set(SPECIFICITY) else value
    if name == "hedge":
        value = {"1.0": "1", "0.0": "0"}.get(value, value)
    return value if value in FACETS[name] else None
