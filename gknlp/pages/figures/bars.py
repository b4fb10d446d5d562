"""Horizontal bars: rules by outcome, and the small bars that stand in table cells."""

from __future__ import annotations

from typing import Any

from gknlp.pages.figures.svg import Figure, both, element, hint, join, link
from gknlp.pages.words import percent, same, say
from gknlp.schemas import STRATA

_LEFT, _WIDTH, _ROW = 236.0, 200.0, 22.0


def draw_outcomes(found: dict[str, Any], *, most: int = 14) -> Figure:
    """Rules with the shares of their three outcomes; the rate of failure stands at the right."""
    rules = [rule for rule in found["rules"] if rule["n_fail"]] or found["rules"]
    parts: list[Any] = [both(say("规则；条长为全部检查", "rules; a bar is all their checks"), x=0, y=12, class_="axis")]
    parts.append(both(say("不成立率，n", "failure rate, n"), x=_LEFT + _WIDTH + 8, y=12, class_="axis"))
    for place, rule in enumerate(rules[:most]):
        parts.append(_outcome_row(rule, 20 + place * _ROW))
    height = 20 + min(len(rules), most) * _ROW + 28
    parts.append(_outcome_key(height - 8))
    return Figure("rule_outcomes", _LEFT + _WIDTH + 110, height, join(parts), found["title"], "rule_summary")


def _outcome_row(rule: dict[str, Any], y: float) -> Any:
    total = rule["n_pass"] + rule["n_fail"] + rule["n_not_assessable"]
    name = say(f"{rule['id']} {_cut(rule['title']['zh'], 15)}", f"{rule['id']} {_cut(rule['title']['en'], 26)}")
    parts: list[Any] = [both(name, x=_LEFT - 8, y=y + 14, text_anchor="end", class_="name")]
    x = _LEFT
    for key, style in (("n_fail", "fail"), ("n_pass", "pass"), ("n_not_assessable", "missing")):
        width = _WIDTH * rule[key] / total if total else 0
        if width:
            parts.append(
                element(
                    "rect", x=x, y=y + 3, width=max(width, 1.5 if key == "n_fail" else 0.5), height=15, class_=style
                )
            )
        x += width
    rate = f"{percent(rule['rate'], digits=1)}, n = {rule['checked']}"
    parts.append(element("text", rate, x=_LEFT + _WIDTH + 8, y=y + 14))
    told = say(
        f"{rule['id']}：不成立 {rule['n_fail']}，成立 {rule['n_pass']}，无法判断 {rule['n_not_assessable']}",
        f"{rule['id']}: fails {rule['n_fail']}, holds {rule['n_pass']}, not assessable {rule['n_not_assessable']}",
    )
    return link(f"audit.html#{rule['id']}", *parts, hint(told))


def _outcome_key(y: float) -> Any:
    parts = []
    for place, (style, words) in enumerate(
        (
            ("fail", say("不成立", "fails")),
            ("pass", say("成立", "holds")),
            ("missing", say("无法判断", "not assessable")),
        )
    ):
        x = _LEFT + place * 78
        parts += [element("rect", x=x, y=y - 10, width=16, height=11, class_=style), both(words, x=x + 21, y=y)]
    return join(parts)


def draw_share(share: float | None, *, style: str = "bar", width: float = 90) -> Figure:
    """One share as a small bar; nothing is drawn where there is none."""
    body = [element("rect", x=0, y=0, width=width, height=9, class_="track")]
    if share is not None:
        body.append(element("rect", x=0, y=0, width=width * min(1.0, max(0.0, share)), height=9, class_=style))
    return Figure("share", width, 9, join(body if share is not None else []), same(percent(share)))


def draw_strata(shares: dict[str, float], *, width: float = 860, height: float = 18) -> Figure:
    """One report's strata as one bar."""
    x, parts = 0.0, []
    for stratum in STRATA:
        size = width * shares[stratum]
        if size > 0:
            parts.append(element("rect", x=x, y=0, width=size, height=height, class_=f"s-{stratum}"))
            x += size
    return Figure("strata", width, height, join(parts), say("各类文字的比例", "shares of the strata"))


def draw_interval(rate: float | None, interval: list[float] | None, *, width: float = 120) -> Figure:
    """A rate as a dot on its interval, on a scale from 0 to 100 %."""
    if rate is None or interval is None:
        return Figure("interval", width, 12, join([]), same("—"))
    low, high, place = (4 + (width - 8) * share for share in (*interval, rate))
    body = [
        element("line", x1=4, x2=width - 4, y1=6, y2=6, class_="grid"),
        element("line", x1=low, x2=high, y1=6, y2=6, class_="interval"),
        element("circle", cx=place, cy=6, r=3.2, class_="fail-dot"),
    ]
    text = f"{percent(rate, digits=1)} [{percent(interval[0], digits=1)}, {percent(interval[1], digits=1)}]"
    return Figure("interval", width, 12, join(body), same(text))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
