"""Running text of one report: preamble, overview, problems and improvements, other matters."""

from __future__ import annotations

from .bank import Writer
from .dice import Dice
from .model import Paragraph, Piece, Report

OFFICIAL = {
    "proactive": ("O02", "O03", "O04", "O05", "O06", "O07"),
    "request": ("O08", "O09"),
    "management": ("O10", "O11", "O12"),
    "platform": ("O13", "O14", "O15"),
    "supervision": ("O16", "O17", "O18", "O19", "O20"),
}
FREE = {
    "organisation": ("O16", "O17"),
    "proactive": ("O02", "O03", "O04"),
    "response": ("O05", "O06", "O07"),
    "request": ("O08", "O09"),
    "management": ("O10", "O11", "O12"),
    "platform": ("O13", "O14", "O15"),
    "supervision": ("O18", "O19"),
    "service": ("O20",),
}
ALWAYS = ("O02", "O08")
FORMULA_THEMES = ("O00", "I00", "P00")
NUMERALS = (*"一二三四五六七八九十", "十一", "十二", "十三", "十四", "十五")
LONGEST_LIST = 7  # a longer run of items is set as plain paragraphs
DEPTH = {
    "short": (0.55, 1, 1),
    "mid": (0.8, 1, 2),
    "long": (1.0, 1, 3),
    "full": (1.0, 2, 4),
}  # share of themes, sentences a theme
Item = tuple[str, str]  # theme, sentence without its stop


def number_item(style: str, index: int) -> str:
    """The marker of item ``index`` (from 0): ``一是``, ``1.``, ``（一）`` and their kin; '' for plain text."""
    numeral, digit = NUMERALS[index], str(index + 1)
    return {
        "plain": "", "run_on": "", "yishi": f"{numeral}是", "digit": f"{digit}.", "digit_comma": f"{digit}、",
        "bracket": f"（{numeral}）", "bracket_digit": f"（{digit}）", "first": f"第{numeral}，",
    }[style]  # fmt: skip


def lay_out(items: list[Item], style: str) -> list[Piece]:
    """Sentences as pieces of one paragraph, each with its marker and stop; no items give no pieces."""
    pieces = []
    for index, (theme, text) in enumerate(items):
        last = index == len(items) - 1
        stop = "。" if last or style in {"plain", "digit", "digit_comma", "bracket_digit"} else "；"
        if style == "run_on":
            stop = "。" if last or index % 2 else "，"
        link = ("另外" if index % 4 == 1 else "同时") if style == "run_on" and index % 2 else ""
        pieces.append(Piece(number_item(style, index) + link + text + stop, theme))
    return pieces


def write_body(report: Report, writer: Writer, dice: Dice) -> None:
    """Fill ``report.body`` for the preamble and the three narrative sections; years stay open."""
    report.body["preamble"] = _preamble(report, writer, dice)
    report.body["overview"] = _overview(report, writer, dice)
    report.body["problems_improvements"] = _problems(report, writer, dice)
    report.body["other_matters"] = _other(report, writer, dice)


def _preamble(report: Report, writer: Writer, dice: Dice) -> list[Paragraph]:
    basis = "basis_2019" if report.year <= 2020 else "basis_2021"
    pools = [basis] if report.title_lines else ["untitled"]
    if dice.chance(0.7):
        pools.append("contents")
    pools.append("period")
    if dice.chance(0.75):
        pools.append("contact")
    items = [("S1", writer.sentence("S1", pool)) for pool in pools]
    if "contact" not in pools and dice.chance(0.6):
        items.append(("S2", writer.sentence("S2")))
    pieces = lay_out(items, "plain")
    if len(pieces) > 3 and dice.chance(0.25):
        return [Paragraph(pieces[:2]), Paragraph(pieces[2:])]
    return [Paragraph(pieces)]


def _theme_items(report: Report, writer: Writer, theme: str, count: int) -> list[Item]:
    facts = report.figures["facts"]
    conditions = {
        "O04": ["some" if facts["norm"] else "none", *["any"] * (count - 1)],
        "O08": ["some" if facts["req"] else "zero", *["any"] * (count - 1)],
        "O09": ["some" if facts["disputes"] else "zero"],
        "O02": ["any"],
    }.get(theme, ["any"] * count)
    return [(theme, writer.sentence(theme, condition)) for condition in conditions]


def _embellish(items: list[Item], writer: Writer, dice: Dice) -> list[Item]:
    """Some sentences with a purpose or a result added, so that equal templates differ."""
    done = []
    for theme, text in items:
        plain = theme not in {"O08", "O09", "S1", "S2", *FORMULA_THEMES} and text.count("，") < 2
        more = f"，{writer.word('aim' if dice.chance(0.7) else 'tail')}" if plain and dice.chance(0.3) else ""
        done.append((theme, text + more))
    return done


def _overview(report: Report, writer: Writer, dice: Dice) -> list[Paragraph]:
    opening = [("O01", writer.sentence("O01"))]
    if dice.chance(0.45):
        opening.append(("O00", writer.sentence("O00")))
    paragraphs = [Paragraph(lay_out(opening, "plain"))]
    if dice.chance(0.4):
        paragraphs[0].pieces.append(Piece(writer.sentence("S2") + dice.pick(["。", "："]), "S2"))
    groups = _choose_groups(report, dice)
    share, low, high = DEPTH[report.style.length]
    for index, (name, themes) in enumerate(groups):
        chosen = [theme for theme in themes if theme in ALWAYS or dice.chance(share)] or [themes[0]]
        items = [item for theme in chosen for item in _theme_items(report, writer, theme, dice.between(low, high))]
        paragraphs += _group(report, writer, index, name, _embellish(items, writer, dice))
    return paragraphs


def _choose_groups(report: Report, dice: Dice) -> list[tuple[str, tuple[str, ...]]]:
    if report.form == "revised_2021" or report.year >= 2021:
        return list(OFFICIAL.items())
    optional = [name for name in FREE if name not in {"proactive", "request"} and dice.chance(0.75)]
    names = [name for name in FREE if name in {"proactive", "request", *optional}]
    if dice.chance(0.5):
        names = dice.shuffled(names)
    return [(name, FREE[name]) for name in names]


def _group(report: Report, writer: Writer, index: int, name: str, items: list[Item]) -> list[Paragraph]:
    style = report.style
    body = style.body if 1 < len(items) <= LONGEST_LIST else "plain"
    size = LONGEST_LIST if body == style.body else 5
    runs = [items[start : start + size] for start in range(0, len(items), size)]
    paragraphs = [Paragraph(lay_out(run, body), body not in {"plain", "run_on"}) for run in runs]
    if style.head_line == "none":
        return paragraphs
    names = writer.bank.headings["official" if report.year >= 2021 else "free"][name]
    head = number_item(style.head_number, index) + writer.dice.pick(names)
    if style.head_line == "own":
        return [Paragraph([Piece(head)]), *paragraphs]
    paragraphs[0].pieces.insert(0, Piece(head + "。"))
    return paragraphs


def _problems(report: Report, writer: Writer, dice: Dice) -> list[Paragraph]:
    long = report.style.length in {"long", "full"}
    requests = report.figures["facts"]["req"]
    codes = dice.shuffled([n for n in range(1, 12) if n != 9 or requests])
    n_problems = dice.between(2, 4)
    problems = [(f"P{n:02}", writer.sentence(f"P{n:02}")) for n in codes[:n_problems]]
    if long and dice.chance(0.5):
        problems.insert(1, (problems[0][0], writer.sentence(problems[0][0])))
    plans = []
    for n in codes[: n_problems + dice.between(0, 2 if long else 1)]:
        theme = f"I{n:02}"
        plans += [(theme, writer.sentence(theme)) for _ in range(dice.between(1, 2 if long else 1))]
    if report.year > 2019 and dice.chance(0.35):
        plans.insert(0, ("I12", writer.sentence("I12")))
    if dice.chance(0.35):
        plans.append(("I00", writer.sentence("I00")))
    plans = _embellish(plans, writer, dice)
    leads = [("P00", writer.sentence("lead_problems")), ("S2", writer.sentence("lead_improvements"))]
    if dice.chance(0.2):
        leads[0] = ("P00", writer.sentence("P00"))
    return _halves(report, writer, leads, [problems, plans])


def _halves(report: Report, writer: Writer, leads: list[Item], halves: list[list[Item]]) -> list[Paragraph]:
    paragraphs = []
    style = report.style
    for index, (part, lead, items) in enumerate(zip(("problems", "improvements"), leads, halves, strict=True)):
        head = number_item("bracket", index) + writer.dice.pick(writer.bank.headings["halves"][part])
        opener = Piece(lead[1] + ("。" if style.halves == "plain" else "："), lead[0])
        if style.halves == "lists":
            found = [Paragraph([opener, *lay_out(items, "yishi")], True)]
        elif style.halves == "run_in":
            found = [Paragraph([Piece(head + "。"), *lay_out(items, "digit")], True)]
        elif style.halves == "heads":
            pieces = [Piece(f"{number_item('digit', n)}{text}。", theme) for n, (theme, text) in enumerate(items)]
            found = [Paragraph([Piece(head)]), *(Paragraph([piece], True) for piece in pieces)]
        else:
            found = [Paragraph([opener, *lay_out(items, "plain")])]
        for paragraph in found:
            paragraph.part = part
        paragraphs += found
    return paragraphs


def _other(report: Report, writer: Writer, dice: Dice) -> list[Paragraph]:
    extras = [theme for theme in ("X02", "X03", "X04", "X05") if dice.chance(0.38)]
    items = [("X01", writer.sentence("X01", "nil"))] if report.year >= 2021 or dice.chance(0.2) else []
    if report.agency.level == "township":
        extras = [theme for theme in extras if theme != "X02"]
    items += [(theme, writer.sentence(theme)) for theme in extras]
    if not items or dice.chance(0.25):
        items.append(("S3", writer.sentence("S3")))
    if len(items) > 1 and dice.chance(0.4):
        return [Paragraph([piece], True) for piece in (Piece(f"{n + 1}.{t}。", c) for n, (c, t) in enumerate(items))]
    return [Paragraph(lay_out(items, "plain"))]
