"""Planted slips: copied passages, repeated reports, wrong years, foreign words. Each leaves a mark that rendering turns into spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

from .model import PLAN, YEARS, Agency, Paragraph, Piece, Report, load_toml

Reports = dict[tuple[str, int], Report]
# Sentences that quote the report's own tables are never copied: a copy would also be a false claim.
LEADS = ("", "S2", "P00")  # what may stand before the items of a paragraph and stays when they are replaced
BOUND_THEMES = (*LEADS, "O02", "O04", "O08", "O09", "X01", "S1", "S3")
NARRATIVE = ("overview", "problems_improvements", "other_matters")
YEAR = re.compile(r"20[12]\d(?=年)")
NAMES = ("self", "all", "account")  # words that no other agency may use
SELF_WORDS = ("self", "all", "office", "units", "account")


def load_plants() -> dict[str, list[dict[str, Any]]]:
    """``plan/plants.toml``: lists named copy, repeat, table, wrong_year, foreign, obsolete."""
    return load_toml(PLAN / "plants.toml")


def plant_repeat(reports: Reports, plan: dict[str, Any], mark: str) -> dict[str, Any]:
    """Give a report the running text of the agency's earlier one. Years are still open: only they will differ."""
    target, source = reports[plan["agency"], plan["year"]], reports[plan["agency"], plan["of_year"]]
    for key in ("overview", "problems_improvements"):
        for paragraph in source.body[key]:
            paragraph.pieces = [piece.marked(f"{mark}/source/{key}") for piece in paragraph.pieces]
        target.body[key] = deepcopy(source.body[key])
        for paragraph in target.body[key]:
            paragraph.pieces = [
                replace(piece, marks=(*_inherited(piece), f"{mark}/copy/{key}")) for piece in paragraph.pieces
            ]
    return {"kind": "own_repeat", "mark": mark, "source": source.path, "copy": target.path}


def _inherited(piece: Piece) -> tuple[str, ...]:
    return tuple(mark for mark in piece.marks if "/" not in mark)


def plant_copy(reports: Reports, plan: dict[str, Any], mark: str) -> dict[str, Any]:
    """Copy a run of sentences from one agency's report over a paragraph of another's."""
    source = reports[plan["from"][0], plan["from"][1]]
    target = reports[plan["to"][0], plan["to"][1]]
    paragraph, start, end = _find_run(source, plan)
    run = paragraph.pieces[start:end]
    paragraph.pieces[start:end] = [piece.marked(f"{mark}/source") for piece in run]
    copied = [Piece(piece.text, piece.theme, (f"{mark}/copy",)) for piece in run]
    if plan["mode"] == "edited":
        copied = _edit(copied, source.agency, target.agency)
    place = _find_place(target, plan["section"], paragraph.part)
    keep = [piece for piece in place.pieces[:1] if piece.theme in LEADS]
    place.pieces[:] = [*keep, *copied]
    place.listed = paragraph.listed
    return {"kind": "copy", "mark": mark, "mode": plan["mode"], "source": source.path, "copy": target.path}


def _runs(report: Report, section: str, *, may_name_year: bool) -> Iterator[tuple[Paragraph, int, int]]:
    for paragraph in report.body[section]:
        start = 0
        while start < len(paragraph.pieces):
            end = start
            while end < len(paragraph.pieces) and _may_copy(paragraph.pieces[end], may_name_year=may_name_year):
                end += 1
            if end > start and (not paragraph.listed or start == 0 or paragraph.pieces[start - 1].theme in LEADS):
                yield paragraph, start, end
            start = end + 1


def _may_copy(piece: Piece, *, may_name_year: bool) -> bool:
    names_year = any(str(year) in piece.text for year in range(YEARS[0] - 1, YEARS[-1] + 2))
    return piece.theme not in BOUND_THEMES and not piece.marks and (may_name_year or not names_year)


def _find_run(report: Report, plan: dict[str, Any]) -> tuple[Paragraph, int, int]:
    """The longest run of free sentences within the planned length that holds the wanted word, if one is wanted."""
    if "again" in plan:
        return _find_again(report, plan)
    best: tuple[int, Paragraph, int, int] | None = None
    wanted = plan.get("holds", "")
    for paragraph, start, end in _runs(report, plan["section"], may_name_year=wanted.isdigit()):
        last = end
        while last > start and _length(paragraph.pieces[start:last]) > plan["max"]:
            last -= 1
        length = _length(paragraph.pieces[start:last])
        fits = length >= plan["min"] and any(wanted in piece.text for piece in paragraph.pieces[start:last])
        if fits and (best is None or length > best[0]):
            best = (length, paragraph, start, last)
    if best is None:
        raise ValueError(
            f"{report.path} has no free passage of {plan['min']}-{plan['max']} characters in {plan['section']}"
        )
    return best[1:]


def _find_again(report: Report, plan: dict[str, Any]) -> tuple[Paragraph, int, int]:
    """The run that an earlier copy was taken from."""
    mark = f"copy{plan['again']:02}/source"
    for paragraph in report.body[plan["section"]]:
        at = [index for index, piece in enumerate(paragraph.pieces) if mark in piece.marks]
        if at:
            return paragraph, at[0], at[-1] + 1
    raise ValueError(f"{report.path} holds no {mark}")


def _length(pieces: list[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)


def _find_place(report: Report, section: str, part: str) -> Paragraph:
    """The longest paragraph of ``part`` that quotes no table and holds no plant yet."""
    free = [
        paragraph
        for paragraph in report.body[section]
        if len(paragraph.pieces) > 1
        and paragraph.part == part
        and all(not piece.marks and piece.theme not in BOUND_THEMES for piece in paragraph.pieces[1:])
        and not paragraph.pieces[0].marks
        and (paragraph.pieces[0].theme in LEADS or paragraph.pieces[0].theme not in BOUND_THEMES)
    ]
    if not free:
        raise ValueError(f"{report.path} has no paragraph to hold a copy in {section}")
    return max(free, key=lambda paragraph: _length(paragraph.pieces))


def _edit(pieces: list[Piece], source: Agency, target: Agency) -> list[Piece]:
    """Own words of ``source`` become those of ``target``; then synonyms, spread so that one character in twenty changes."""
    swaps = [(str(getattr(source, word)), str(getattr(target, word))) for word in SELF_WORDS]
    edits = load_toml(PLAN / "edits.toml")["pairs"]
    changed = seen = 0
    done = []
    for piece in pieces:
        text = piece.text
        seen += len(text)
        for old, new in swaps:
            changed += _distance(old, new) * text.count(old)
            text = text.replace(old, new)
        for old, new in edits:
            if changed * 20 < seen and old in text:
                text = text.replace(old, new, 1)
                changed += _distance(old, new)
        done.append(replace(piece, text=text))
    return done


def _distance(old: str, new: str) -> int:
    """About how many characters a replacement changes."""
    return sum(a != b for a, b in zip(old, new, strict=False)) + abs(len(old) - len(new))


def find_foreign(report: Report, region: dict[str, Any], agencies: list[Agency]) -> list[tuple[Piece, str]]:
    """Words of other agencies in pieces that were copied from elsewhere, in reading order."""
    own = report.agency
    words = [getattr(agency, word) for agency in agencies for word in NAMES]
    bare = [
        name
        for name in region["bare"]
        if name not in own.name and name not in region["city"] + region["county"] + region["province"]
    ]
    wanted = [word for word in dict.fromkeys([*words, *bare]) if word not in {getattr(own, name) for name in NAMES}]
    found = []
    for section in NARRATIVE:
        for paragraph in report.body[section]:
            for piece in paragraph.pieces:
                if any(mark.endswith("/copy") for mark in piece.marks):
                    hits = [word for word in wanted if word in piece.text]
                    found += [
                        (piece, word) for word in hits if not any(word != other and word in other for other in hits)
                    ]
    return [(piece, word) for piece, word in found if not _inside_own(piece.text, word, own)]


def _inside_own(text: str, word: str, own: Agency) -> bool:
    for name in NAMES:
        text = text.replace(getattr(own, name), "")
    return word not in text


def plant_word(reports: Reports, plan: dict[str, Any], mark: str) -> None:
    """Replace ``find`` by ``say`` in a sentence of a section that holds no plant: the first one, or the last if so planned."""
    report = reports[plan["agency"], plan["year"]]
    places = [
        (paragraph, index)
        for paragraph in report.body[plan["section"]]
        if plan.get("part", "") in {"", paragraph.part}
        for index, piece in enumerate(paragraph.pieces)
        if piece.theme and plan["find"] in piece.text and not piece.marks
    ]
    if not places:
        raise ValueError(f"{report.path} has no free sentence with {plan['find']} in {plan['section']}")
    paragraph, index = places[-1 if plan.get("last") else 0]
    piece = paragraph.pieces[index]
    paragraph.pieces[index] = replace(piece, text=piece.text.replace(plan["find"], plan["say"], 1), marks=(mark,))


def find_stale_years(report: Report) -> list[tuple[Piece, str]]:
    """Years that are not the report's own in sentences copied from another agency, in reading order."""
    found = []
    for section in NARRATIVE:
        for paragraph in report.body[section]:
            for piece in paragraph.pieces:
                if any(mark.endswith("/copy") for mark in piece.marks):
                    years = dict.fromkeys(YEAR.findall(piece.text))
                    found += [(piece, year) for year in years if int(year) != report.year]
    return found
