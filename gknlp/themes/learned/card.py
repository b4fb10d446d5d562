"""A model's card: what it is, what it was trained on, what it is worth, where it fails; as TOML and as a page (Markdown)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from gknlp.themes.learned.model import ThemeModel

if TYPE_CHECKING:
    from gknlp.themes.learned.compare import Candidate


def model_card(model: ThemeModel) -> str:
    """The card as TOML: the figures a reader asks for first; ``model.json`` has all of them."""
    data, scores = model.about.get("data", {}), model.about.get("scores", {})
    held = scores.get("held_out", {})
    lines = [
        "# The card of a trained model; written with it, its bytes are listed in SHA256SUMS.",
        f"name = {_toml(model.name)}",
        f"title = {_toml('Themes of coding units by a linear model over character n-grams')}",
        f"hash = {_toml(model.hash)}",
        f"codebook = {_toml(model.codebook_hash)}",
        f"method = {_toml(model.about.get('config', {}).get('method', ''))}",
        f"n_features = {len(model.encoder.idf)}",
        f"n_themes = {len(model.codes)}",
        "",
        "[data]",
        *(
            f"{key} = {_toml(data[key])}"
            for key in ("sha256", "n_units", "n_agencies", "n_learned", "n_held_out")
            if key in data
        ),
        "",
        "[thresholds]",
        f"first = {model.thresholds.first}",
        f"more = {model.thresholds.more}",
        "",
        "[held_out]",
        *(f"{key} = {held[key]['value']}" for key in _HEADLINES if held.get(key, {}).get("value") is not None),
        *(f"{key} = {held[key]}" for key in ("ece", "ece_by_mass", "coverage") if held.get(key) is not None),
        "",
        "[versions]",
        *(f"{_toml(key)} = {_toml(value)}" for key, value in sorted(model.about.get("versions", {}).items())),
    ]
    return "\n".join(lines) + "\n"


_HEADLINES = ("macro_f1", "micro_f1", "primary_macro_f1", "accuracy")


def model_markdown(model: ThemeModel) -> str:
    """The card as a page: intended use, data, splits, scores a theme with intervals, calibration, limits."""
    about = model.about
    scores = about.get("scores", {})
    rows = {**{("model", name): item for name, item in scores.items()}, **_pairs("dictionary", about)}
    parts = [
        f"# {model.name}",
        f"`{model.id}` · {len(model.encoder.idf)} features, {len(model.codes)} themes · codebook `{model.codebook_hash[:12]}`",
        *_data_lines(about.get("data", {}), about.get("config", {})),
        "## Scores",
        *score_table(
            {f"{who}: {_WHERE.get(name, name)}": item for (who, name), item in sorted(rows.items(), key=_place)}
        ),
        *([str(about["notes"]).strip()] if about.get("notes") else []),
    ]
    for name in sorted(scores, key=lambda name: _place((("model", name), None))):
        if name != "crossed":
            where = _WHERE.get(name, name)
            parts += [f"## Themes: {where}", *_theme_table(scores[name]["themes"])]
            parts += [f"## What abstaining buys: {where}", *_curve_table(scores[name]["curve"])]
    parts += ["## How to read this", _shipped("reading.md")]
    return "\n\n".join(parts) + "\n"


_WHERE = {
    "held_out": "held-out agencies",
    "real": "real reports, never learned from",
    "crossed": "cross-validated among the agencies learned from",
}


def _pairs(who: str, about: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    return {(who, name): item for name, item in about.get(who, {}).items()}


def _place(row: tuple[tuple[str, str], Any]) -> tuple[int, str, bool]:
    (who, name), _ = row
    known = list(_WHERE)
    return (known.index(name) if name in known else len(known), name, who != "model")


def score_table(evaluations: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Evaluations (as plain values) as the rows of one Markdown table; none give the head alone."""
    families = list(dict.fromkeys(family for item in evaluations.values() for family, _ in item["families"]))
    head = ["", "units", "macro-F1", "micro-F1", "macro-F1 of first labels", "accuracy", "ECE", "coverage", *families]
    rows = [
        [
            name,
            str(item["n_units"]),
            *(_interval(item[key]) for key in _HEADLINES),
            _number(item["ece"]),
            _number(item["coverage"]),
            *(_number(dict(item["families"]).get(family, {}).get("value")) for family in families),
        ]
        for name, item in evaluations.items()
    ]
    return ["\n".join(_markdown_rows(head, rows))]


def comparison_markdown(candidates: Sequence[Candidate]) -> str:
    """The candidates as one table a set of units: cross-validated, held out, and whatever else was asked."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {
        "cross-validated among the agencies learned from": {},
        "held-out agencies": {},
    }
    for candidate in candidates:
        crossed, held, *_ = found.values()
        if candidate.crossed is not None:
            crossed[candidate.name] = asdict(candidate.crossed)
        held[candidate.name] = asdict(candidate.held_out)
        for name, evaluation in candidate.others:
            found.setdefault(name, {})[candidate.name] = asdict(evaluation)
    parts = ["# Ways to classify, compared"]
    for name, evaluations in found.items():
        parts += [f"## {name}", *score_table(evaluations)]
    return "\n\n".join(parts) + "\n"


def _data_lines(data: Mapping[str, Any], config: Mapping[str, Any]) -> list[str]:
    if not data:
        return []
    return [
        "## Data and splits",
        f"{data['n_units']} labelled units of {data['n_agencies']} agencies (data `{data['sha256'][:12]}`); {data['n_learned']} learned from, "
        f"{data['n_held_out']} held out ({len(data['held_out_agencies'])} agencies). Agencies and near copies of a text are never parted: "
        f"{data['n_blocks']} blocks, the largest of {data['largest_block']} units, sides chosen by the blocks' hash. Calibration and "
        f"thresholds come from {config.get('n_folds')} folds among the agencies learned from.",
    ]


def _theme_table(themes: Iterable[Mapping[str, Any]]) -> list[str]:
    head = ["theme", "coders", "given", "precision", "recall", "F1"]
    rows = [
        [
            item["theme"],
            str(item["n_gold"]),
            str(item["n_given"]),
            _number(item["precision"]),
            _number(item["recall"]),
            _interval(item["f1"]),
        ]
        for item in themes
        if item["n_gold"] or item["n_given"]
    ]
    return ["\n".join(_markdown_rows(head, rows))]


def _curve_table(curve: Iterable[Mapping[str, Any]]) -> list[str]:
    rows = [[f"{item['threshold']:.2f}", _number(item["coverage"]), _number(item["accuracy"])] for item in curve]
    return ["\n".join(_markdown_rows(["least probability", "units covered", "accuracy of the first label"], rows))]


def _markdown_rows(head: list[str], rows: list[list[str]]) -> list[str]:
    return [_line(head), _line(["---"] * len(head)), *map(_line, rows)]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(score: Mapping[str, float | None]) -> str:
    if score["value"] is None or score["low"] is None or score["high"] is None:
        return _number(score["value"])
    return f"{score['value']:.3f} ({score['low']:.3f}–{score['high']:.3f})"


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _shipped(name: str) -> str:
    return files("gknlp.themes.learned").joinpath(name).read_text(encoding="utf-8").strip()
