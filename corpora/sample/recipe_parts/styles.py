"""How each report looks, dealt out so that the corpus holds the planned number of every layout and encoding."""

from __future__ import annotations

from .dice import Dice
from .model import HERE, PLAN, YEARS, Agency, Style, load_toml

Key = tuple[str, int]
TYPOS = load_toml(HERE / "form.toml")["typos"]


def deal_styles(agencies: list[Agency]) -> dict[Key, Style]:
    """One style for every agency and year. Quotas and the reports whose tables are damaged: ``plan/layouts.toml``."""
    plan = load_toml(PLAN / "layouts.toml")
    keys = [(agency.id, year) for agency in agencies for year in YEARS]
    layouts: dict[Key, str] = {(row["agency"], row["year"]): row["layout"] for row in plan["damaged"]}
    sound = [key for key in keys if key not in layouts]
    deck = [layout for layout, count in plan["quota"].items() for _ in range(count)]
    layouts.update(zip(Dice("layouts").shuffled(sound), deck, strict=True))
    shuffled = Dice("encodings").shuffled(keys)
    gb, bom = shuffled[: plan["gb18030"]], shuffled[plan["gb18030"] : plan["gb18030"] + plan["bom"]]
    crlf = Dice("newlines").shuffled(keys)[: plan["crlf"]]
    typed = Dice("typos").shuffled([key for key in sound if layouts[key] != "g"])[: plan["typos"]]
    encodings = {**dict.fromkeys(gb, "gb18030"), **dict.fromkeys(bom, "utf-8-sig")}
    levels = {agency.id: agency.level for agency in agencies}
    styles = {}
    for key in keys:
        dice = Dice(f"style/{key[0]}/{key[1]}")
        style = _style(dice, layouts[key], levels[key[0]])
        style.encoding = encodings.get(key, "utf-8")
        style.newline = "\r\n" if key in crlf else "\n"
        if key in typed:
            wrong = dice.pick(TYPOS)
            style.typos = ((wrong[0], wrong[1]),)
        styles[key] = style
    for row in plan["untitled"]:
        styles[row["agency"], row["year"]].title = "none"
    return styles


def _style(dice: Dice, layout: str, level: str) -> Style:
    head_number = dice.weighted({"bracket": 7, "digit": 2, "digit_comma": 1})
    body = dice.weighted({"plain": 5, "yishi": 3, "digit": 1.5, "run_on": 1.5, "first": 0.5})
    if body == "digit" and head_number != "bracket":
        body = "bracket_digit"
    long = {"township": 0.35, "county": 0.5, "city": 0.8}[level]
    return Style(
        layout=layout,
        variant=dice.below(3),
        encoding="utf-8",
        newline="\n",
        half_width=dice.chance(0.3),
        typos=(),
        head_number=head_number,
        head_line=dice.weighted({"own": 5, "run_in": 4, "none": 1.2}),
        body=body,
        halves=dice.weighted({"heads": 3, "run_in": 2.5, "lists": 3, "plain": 1}),
        title=dice.weighted({"one": 60, "two": 22, "split": 8, "year_first": 6, "doubled": 4}),
        length=dice.weighted({"short": 0.16, "mid": 0.84 - long, "long": long * 0.6, "full": long * 0.4}),
    )
