"""What the tables show (表格指标): rates over cells of tables 3 and 4 of the 2019 and 2021 forms; null is unknown, never 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Cells = Mapping[tuple[str, str, str], float | None]
"""Values by (table, row, column); a cell that was blank or not believed is None, one the form lacks is absent."""

REFUSALS = ("denied", "unavailable", "not_processed", "other")


def _value(cells: Cells, row: str) -> float | None:
    return cells.get(("t3", row, "total"))


def measure_disclosure_rate(cells: Cells) -> float | None:
    """Disclosure rate (公开率): (granted + partly granted) / all outcomes of the year.

    Unit: share, 0-1. None where a cell is unknown or no request was decided. Source: table 3 of the form; formula ours.

    >>> measure_disclosure_rate({("t3", "granted", "total"): 6, ("t3", "partly_granted", "total"): 1, ("t3", "outcome_total", "total"): 10})
    0.7
    """
    return _share((_value(cells, "granted"), _value(cells, "partly_granted")), _value(cells, "outcome_total"))


def measure_refusal_mix(cells: Cells) -> dict[str, float | None]:
    """Refusal mix (不予公开构成): for each group of reasons, its outcomes / all outcomes.

    Groups: ``denied`` (不予公开), ``unavailable`` (无法提供), ``not_processed`` (不予处理), ``other`` (其他处理).
    Unit: shares, 0-1; with the disclosure rate they add up to 1 where the table balances. None where a cell of the
    group is unknown or no request was decided. Source: table 3 of the form; formula ours.

    >>> cells = {("t3", "denied_by_law", "total"): 1, ("t3", "denied_third_party", "total"): 2, ("t3", "outcome_total", "total"): 10}
    >>> measure_refusal_mix(cells)["denied"]
    0.3
    """
    total = _value(cells, "outcome_total")
    mix: dict[str, float | None] = {}
    for group in REFUSALS:
        rows = sorted(
            key[1] for key in cells if key[0] == "t3" and key[2] == "total" and key[1].startswith(f"{group}_")
        )
        mix[group] = _share([_value(cells, row) for row in rows], total) if rows else None
    return mix


def measure_correction_rate(cells: Cells) -> float | None:
    """Correction rate (纠错率): corrected / (upheld + corrected + other) over review and both kinds of litigation.

    Unit: share, 0-1. None where a cell is unknown or nothing was decided. Source: table 4 of the form; formula ours.

    >>> cells = {("t4", row, column): 1 for row in ("review", "litigation_direct", "litigation_after_review") for column in ("upheld", "corrected", "other")}
    >>> round(measure_correction_rate(cells), 4)
    0.3333
    """
    rows = ("review", "litigation_direct", "litigation_after_review")
    decided = [cells.get(("t4", row, column)) for row in rows for column in ("upheld", "corrected", "other")]
    corrected = [cells.get(("t4", row, "corrected")) for row in rows]
    return _share(corrected, _add(decided))


def measure_escalation_rate(cells: Cells) -> float | None:
    """Escalation rate (争议率): (reviews + direct litigation) / all outcomes of the year.

    Litigation after review is left out: it was counted as a review. Unit: ratio, 0 upwards (cases of earlier years may
    come in). None where a cell is unknown or no request was decided. Source: tables 3 and 4; formula ours.

    >>> measure_escalation_rate({("t4", "review", "total"): 1, ("t4", "litigation_direct", "total"): 1, ("t3", "outcome_total", "total"): 8})
    0.25
    """
    cases = (cells.get(("t4", "review", "total")), cells.get(("t4", "litigation_direct", "total")))
    return _share(cases, _value(cells, "outcome_total"))


def is_zero(cells: Cells, tables: Iterable[str]) -> bool | None:
    """Zero report (零报告): whether every cell of these tables is 0; ``("t3",)`` for requests, with t2 and t4 for the whole.

    Unit: flag. False as soon as one cell is above 0; None where none is but one is unknown, or a table is missing.
    Source: ours.

    >>> is_zero({("t3", "granted", "total"): 0, ("t3", "outcome_total", "total"): 0}, ["t3"])
    True
    """
    asked = tuple(tables)
    values = {table: [value for key, value in cells.items() if key[0] == table] for table in asked}
    if any(value for found in values.values() for value in found):
        return False
    known = all(found and None not in found for found in values.values())
    return True if known and asked else None


def _add(values: Iterable[float | None]) -> float | None:
    known = list(values)
    return None if not known or None in known else float(sum(value for value in known if value is not None))


def _share(parts: Iterable[float | None], whole: float | None) -> float | None:
    above = _add(parts)
    return None if above is None or not whole else above / whole
