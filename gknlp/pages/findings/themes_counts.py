"""Units of themes (主题) and of their families, added up over groups of reports."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from gknlp.pages.findings.run import Row


@dataclass(slots=True)
class Counts:
    """``units``: by (group, theme); ``whole``: units of the family by (group, report)."""

    units: dict[tuple[Hashable, str], int] = field(default_factory=dict)
    whole: dict[Hashable, dict[str, int]] = field(default_factory=dict)

    def total(self, group: Hashable) -> int:
        """Units of the family in the group's reports."""
        return sum(self.whole.get(group, {}).values())

    def reports(self, group: Hashable) -> int:
        """Reports of the group."""
        return len(self.whole.get(group, {}))

    def share(self, group: Hashable, theme: str) -> float | None:
        """A theme's units over all units of its family in the group's reports; None where there are none."""
        total = self.total(group)
        return self.units.get((group, theme), 0) / total if total else None


def count_themes(rows: Iterable[Row], group_of: Mapping[str, Hashable]) -> Counts:
    """Rows of ``theme_shares`` of one family, added up by the group of their report; reports without one are left out.

    >>> row = {"doc_id": "a", "theme": "P01", "n_units": 1, "n_family_units": 4}
    >>> count_themes([row], {"a": 2021}).share(2021, "P01"), count_themes([], {}).share(2021, "P01")
    (0.25, None)
    """
    counts = Counts()
    for row in rows:
        group = group_of.get(row["doc_id"])
        if group is None:
            continue
        key = group, row["theme"]
        counts.units[key] = counts.units.get(key, 0) + (row["n_units"] or 0)
        reports = counts.whole.setdefault(group, {})
        reports[row["doc_id"]] = max(reports.get(row["doc_id"], 0), row["n_family_units"] or 0)
    return counts
