"""The whole corpus: plan every report, plant the slips, write the files, the truth and the card."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from . import plants as planting
from . import truth
from .bank import YEAR_MARKS, Bank, Writer
from .card import write_card
from .dice import Dice
from .figures import break_table, build_figures, failing_carry, failing_instances, form_of
from .frame import write_headings, write_signature, write_title
from .model import PHRASES, YEARS, Agency, Piece, Report, load_agencies, load_toml
from .narrative import write_body
from .render import narrow, render
from .styles import deal_styles

Truth = dict[str, Any]


def write_corpus(folder: Path) -> None:
    """Write ``reports/``, ``truth.json`` and ``corpus.toml`` into ``folder``; an older ``reports/`` there is replaced."""
    files, found = build_corpus()
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "reports").exists():
        shutil.rmtree(folder / "reports")
    for path, data in sorted(files.items()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    (folder / "truth.json").write_bytes(_flatten_numbers(text).encode("utf-8"))
    (folder / "corpus.toml").write_bytes(write_card(found, files).encode("utf-8"))


def _flatten_numbers(text: str) -> str:
    """Indented JSON with each list of plain values on one line."""
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda match: "[" + re.sub(r",\n\s+", ", ", match[1]) + "]", text)


def build_corpus() -> tuple[dict[str, bytes], Truth]:
    """Path to bytes of every report, and the truth about them."""
    agencies = load_agencies()
    plan = planting.load_plants()
    reports = _plan_reports(agencies, plan)
    repeats = [planting.plant_repeat(reports, row, f"repeat{n:02}") for n, row in enumerate(plan["repeat"], 1)]
    for report in reports.values():
        _resolve(report)
    copies = [planting.plant_copy(reports, row, f"copy{n:02}") for n, row in enumerate(plan["copy"], 1)]
    words = _plant_words(reports, plan, agencies)
    pages = {report.path: render(report) for report in reports.values()}
    texts = {path: "".join(page.chunks) for path, page in pages.items()}
    planted = [truth.describe_copy(plant, pages) for plant in copies]
    planted += [truth.describe_repeat(plant, pages) for plant in repeats]
    planted += [truth.describe_word(kind, row, path, pages[path], texts[path]) for kind, row, path in words]
    planted += _table_errors(reports, plan) + _obsolete(reports, plan)
    described = [truth.describe_report(report, pages[report.path], texts[report.path]) for report in reports.values()]
    files = {report.path: texts[report.path].encode(report.style.encoding) for report in reports.values()}
    return files, {"fictional": True, "planted": planted, "reports": sorted(described, key=lambda row: row["path"])}


def _plan_reports(agencies: list[Agency], plan: dict[str, Any]) -> planting.Reports:
    styles = deal_styles(agencies)
    obsolete = {(row["agency"], row["year"]) for row in plan["obsolete"]}
    figures = {}
    for agency in agencies:
        forms = {year: "trial_2019" if (agency.id, year) in obsolete else form_of(year) for year in YEARS}
        for year, numbers in build_figures(agency, forms).items():
            figures[agency.id, year] = (forms[year], numbers)
    for row in plan["table"]:
        break_table(figures[row["agency"], row["year"]][1], row)
    bank = Bank()
    reports: planting.Reports = {}
    for year in YEARS:
        for agency in agencies:
            form, numbers = figures[agency.id, year]
            report = Report(agency, year, form, styles[agency.id, year], numbers)
            dice = Dice(f"report/{agency.id}/{year}")
            write_title(report, bank, dice)
            write_headings(report, bank, dice)
            write_signature(report, dice)
            write_body(report, Writer(bank, agency, numbers["facts"], dice), dice)
            reports[report.key] = report
    return reports


def _resolve(report: Report) -> None:
    """Write the report's own years in, and its width of punctuation."""
    years = {YEAR_MARKS["year"]: report.year, YEAR_MARKS["next"]: report.year + 1, YEAR_MARKS["prev"]: report.year - 1}
    for paragraphs in report.body.values():
        for paragraph in paragraphs:
            paragraph.pieces = [_resolve_piece(piece, years, report) for piece in paragraph.pieces]
    report.title_lines = [narrow(line, report) for line in report.title_lines]
    report.headings = {key: narrow(line, report) for key, line in report.headings.items()}


def _resolve_piece(piece: Piece, years: dict[str, int], report: Report) -> Piece:
    text = piece.text
    for mark, year in years.items():
        text = text.replace(mark, str(year))
    return Piece(narrow(text, report), piece.theme, piece.marks)


def _plant_words(
    reports: planting.Reports, plan: dict[str, Any], agencies: list[Agency]
) -> list[tuple[str, dict[str, Any], str]]:
    """Wrong years and foreign words: those planned, then those that came along inside copied passages."""
    words = []
    for kind in ("wrong_year", "foreign"):
        for number, row in enumerate(plan[kind], 1):
            mark = f"{kind}{number:02}"
            planting.plant_word(reports, row, mark)
            words.append(
                (
                    f"{kind}_text" if kind == "foreign" else kind,
                    {**row, "mark": mark},
                    reports[row["agency"], row["year"]].path,
                )
            )
    region = load_toml(PHRASES / "agencies.toml")["region"]
    for report in reports.values():
        for number, (piece, word) in enumerate(planting.find_foreign(report, region, agencies), 1):
            words.append(("foreign_text", _came_along(report, piece, word, f"carried{number:02}"), report.path))
        for number, (piece, year) in enumerate(planting.find_stale_years(report), 1):
            words.append(("wrong_year", _came_along(report, piece, year, f"stale{number:02}"), report.path))
    return words


def _came_along(report: Report, piece: Piece, word: str, name: str) -> dict[str, Any]:
    """Mark the copied sentence that holds a word of another agency or year."""
    mark = f"{name}-{report.agency.id}-{report.year}"
    copy = next(mark.removesuffix("/copy") for mark in piece.marks if mark.endswith("/copy"))
    for paragraphs in report.body.values():
        for paragraph in paragraphs:
            paragraph.pieces = [
                each.marked(mark) if f"{copy}/copy" in each.marks and each.text == piece.text else each
                for each in paragraph.pieces
            ]
    return {
        "mark": mark,
        "say": word,
        "find": str(report.year) if word.isdigit() else report.agency.self,
        "in_copy": copy,
    }


def _table_errors(reports: planting.Reports, plan: dict[str, Any]) -> list[Truth]:
    planted = []
    for number, row in enumerate(plan["table"], 1):
        report = reports[row["agency"], row["year"]]
        fails = failing_instances(report.form, report.figures)
        before = reports.get((row["agency"], row["year"] - 1))
        if before:
            fails |= failing_carry(before.figures, report.figures)
        planted.append(
            {"id": f"table{number:02}", "kind": "table_error", "path": report.path, "do": row["do"], "fails": fails}
        )
    return planted


def _obsolete(reports: planting.Reports, plan: dict[str, Any]) -> list[Truth]:
    return [
        {
            "id": f"obsolete{number:02}", "kind": "obsolete_form", "path": reports[row["agency"], row["year"]].path,
            "found": "trial_2019", "expected": form_of(row["year"]),
        }
        for number, row in enumerate(plan["obsolete"], 1)
    ]  # fmt: skip
