"""What stands around the running text: title, section headings, signature."""

from __future__ import annotations

from .bank import Bank
from .dice import Dice
from .model import SECTIONS, Report

LAST_DAY = {"department": (1, 8, 30), "other": (1, 8, 30), "township": (2, 1, 20), "government": (3, 2, 28)}
NUMERALS = "一二三四五六"


def write_title(report: Report, bank: Bank, dice: Dice) -> None:
    """Set ``title_lines``: one line, two lines, or none."""
    words = dice.pick(bank.headings["title"]["kinds"])
    name, year = report.agency.name, report.year
    shape = report.style.title
    whole = f"{year}年{name}{words}" if shape == "year_first" else f"{name}{year}年{words}"
    if shape == "doubled":
        whole = f"{name}{year}年度{words}"
    if shape == "none":
        report.title_lines = []
    elif shape == "two":
        report.title_lines = [f"{name}{year}年", words]
    elif shape == "split":
        report.title_lines = [whole[:-8], whole[-8:]]
    else:
        report.title_lines = [whole]


def write_headings(report: Report, bank: Bank, dice: Dice) -> None:
    """Set the six numbered headings, in one of their printed variants."""
    padding = "    " if dice.chance(0.08) else "　　" if dice.chance(0.06) else ""
    for index, key in enumerate(SECTIONS):
        words = dice.pick(bank.headings["sections"][key])
        report.headings[key] = f"{padding}{NUMERALS[index]}、{words}"


def write_signature(report: Report, dice: Dice) -> None:
    """Set agency and date of the year after, before the legal date of the agency's kind; a few reports have none."""
    if dice.chance(0.06):
        return
    agency = report.agency
    month, low, high = LAST_DAY["township" if agency.level == "township" else agency.kind]
    if agency.level == "township":
        month = dice.between(1, 2)
    padding = " " * dice.between(16, 30) if dice.chance(0.4) else ""
    date = f"{report.year + 1}年{month}月{dice.between(low, high)}日"
    report.signature = [padding + agency.signed, padding + date]
