"""Agreement and prevalences as plain values and tables: for people, JSON and .csv."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gknlp.themes.coding.agreement import Agreement, Measured
from gknlp.themes.coding.prevalence import Prevalence
from gknlp.themes.coding.table import encode_rows

_DECIMALS = 4
_MEASURE_COLUMNS = ("kind", "name", "distance", "alpha", "low", "high", "percent", "n_units", "n_coded", "n_undefined")
_CONFUSION_COLUMNS = ("coder", "other_coder", "primary", "other_primary", "n_units")
_PREVALENCE_COLUMNS = (
    "family",
    "theme",
    "share",
    "low",
    "high",
    "classified",
    "coded",
    "recall",
    "precision",
    "n_coded",
    "n_effective",
)
INTERVAL = "95 % by resampling units, both disagreements worked out anew"


def measure_as_dict(measured: Measured) -> dict[str, Any]:
    """One measure as plain values, four decimals; an alpha that is not defined is null."""
    value = measured.value
    return {
        "kind": measured.kind,
        "name": measured.name,
        "distance": measured.distance,
        "alpha": _round(value.alpha),
        "low": _round(value.low),
        "high": _round(value.high),
        "percent": _round(value.percent),
        "n_units": value.n_units,
        "n_coded": measured.n_coded,
        "n_undefined": value.n_undefined,
    }


def agreement_as_dict(agreement: Agreement) -> dict[str, Any]:
    """The whole agreement as one JSON value."""
    return {
        "coders": list(agreement.coders),
        "n_units": agreement.n_units,
        "interval": INTERVAL,
        "measures": [measure_as_dict(measured) for measured in agreement.measures],
        "confusion": [dict(zip(_CONFUSION_COLUMNS, row, strict=True)) for row in agreement.confusion],
    }


def encode_measures(agreement: Agreement) -> bytes:
    """The measures as .csv, one a row."""
    return _encode(_MEASURE_COLUMNS, [measure_as_dict(measured) for measured in agreement.measures])


def encode_confusion(agreement: Agreement) -> bytes:
    """Which primary of one coder met which of another, as .csv; agreement is in it, too."""
    rows = [dict(zip(_CONFUSION_COLUMNS, row, strict=True)) for row in agreement.confusion]
    return _encode(_CONFUSION_COLUMNS, rows)


def prevalence_as_dict(prevalence: Prevalence) -> dict[str, Any]:
    """One prevalence as plain values, shares of 0..1 with four decimals."""
    estimate = prevalence.estimate
    return {
        "family": prevalence.family,
        "theme": prevalence.theme,
        "share": _round(estimate.share),
        "low": _round(estimate.low),
        "high": _round(estimate.high),
        "classified": _round(estimate.classified),
        "coded": _round(estimate.coded),
        "recall": _round(estimate.recall),
        "precision": _round(estimate.precision),
        "n_coded": estimate.n_coded,
        "n_effective": round(estimate.n_effective, 1),
    }


def encode_prevalences(prevalences: Sequence[Prevalence]) -> bytes:
    """The prevalences as .csv, one a row."""
    return _encode(_PREVALENCE_COLUMNS, [prevalence_as_dict(prevalence) for prevalence in prevalences])


def _encode(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> bytes:
    return encode_rows(
        columns, [{name: "" if row[name] is None else str(row[name]) for name in columns} for row in rows]
    )


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)
