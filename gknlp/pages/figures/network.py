"""Who was first and who came after: agencies on a circle in the order of their first publication, ties as chords."""

from __future__ import annotations

import math
from typing import Any

from gknlp.pages.figures.svg import Figure, both, element, hint, join, link, shorten
from gknlp.pages.words import number, say

LABEL, STEP, LEAST = 168.0, 17.0, 150.0
"""Room for a name, room between names along the circle, the smallest radius."""
_THIN, _THICK = 0.8, 5.0
_PULL = 0.35
"""How far a chord keeps from the centre: 0 runs all through one point, 1 is a straight line."""


def draw_network(found: dict[str, Any]) -> Figure:
    """An arrow leads from the agency that published first to the one that has the text too; a broken line is a tie."""
    nodes, edges = found["nodes"], found["edges"]
    radius = max(LEAST, len(nodes) * STEP / (2 * math.pi))
    size = 2 * (radius + LABEL)
    centre = (size / 2, size / 2 + 18)
    places = [_place(at, len(nodes), radius, centre) for at in range(len(nodes))]
    largest = max((edge["chars"] for edge in edges), default=1)
    parts: list[Any] = [_scale(nodes)]
    drawn = sorted(edges, key=lambda edge: (edge["chars"], edge["from"], edge["to"]))
    parts += [_edge(edge, nodes, places, largest, centre) for edge in drawn]
    parts += [_node(node, at, len(nodes), radius, centre) for at, node in enumerate(nodes)]
    return Figure("network", size, size + 36, join(parts), found["title"], "passages")


def _scale(nodes: list[dict[str, Any]]) -> Any:
    if not nodes:
        return both(say("没有机关之间的共有文字", "no text is shared between agencies"), x=0, y=14, class_="axis")
    zh = f"从正上方起顺时针：首份报告公布的先后（{nodes[0]['since']} 至 {nodes[-1]['since']}）"
    en = f"clockwise from the top: by first publication ({nodes[0]['since']} to {nodes[-1]['since']})"
    return both(say(zh, en), x=0, y=14, class_="axis")


def _place(at: int, count: int, radius: float, centre: tuple[float, float]) -> tuple[float, float]:
    angle = 2 * math.pi * at / max(1, count) - math.pi / 2
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def _edge(
    edge: dict[str, Any],
    nodes: list[dict[str, Any]],
    places: list[tuple[float, float]],
    largest: int,
    centre: tuple[float, float],
) -> Any:
    (x1, y1), (x2, y2) = places[edge["from"]], places[edge["to"]]
    bend = (
        centre[0] + _PULL * ((x1 + x2) / 2 - centre[0]) - (y2 - y1) * 0.04,
        centre[1] + _PULL * ((y1 + y2) / 2 - centre[1]) + (x2 - x1) * 0.04,
    )
    width = _THIN + (_THICK - _THIN) * edge["chars"] / largest
    reach = math.hypot(x2 - bend[0], y2 - bend[1]) or 1.0
    ux, uy = (x2 - bend[0]) / reach, (y2 - bend[1]) / reach
    head = 5 + 1.4 * width
    end = (x2 - ux * 6, y2 - uy * 6) if edge["tie"] else (x2 - ux * (6 + head), y2 - uy * (6 + head))
    path = " ".join(map(shorten, (x1, y1))) + "Q" + " ".join(map(shorten, (*bend, *end)))
    shapes = [element("path", d="M" + path, class_="edge tie" if edge["tie"] else "edge", stroke_width=width)]
    if not edge["tie"]:
        tip, half = (x2 - ux * 5, y2 - uy * 5), head * 0.45
        corners = (*tip, end[0] - uy * half, end[1] + ux * half, end[0] + uy * half, end[1] - ux * half)
        shapes.append(element("path", d="M{} {}L{} {}L{} {}Z".format(*map(shorten, corners)), class_="head"))
    one, two = nodes[edge["from"]]["name"], nodes[edge["to"]]["name"]
    chars = number(edge["chars"])
    told = say(f"{one} → {two}：{chars} 字，前者先公布", f"{one} → {two}: {chars} characters, the former was first")
    if edge["tie"]:
        told = say(f"{one} – {two}：{chars} 字，分不出先后", f"{one} – {two}: {chars} characters, a tie")
    return link("#pairs", *shapes, hint(told), data_a=one, data_b=two, class_="tie-mark")


def _node(node: dict[str, Any], at: int, count: int, radius: float, centre: tuple[float, float]) -> Any:
    x, y = _place(at, count, radius, centre)
    turn = 360 * at / max(1, count) - 90
    away = turn > 90
    spot = _place(at, count, radius + 10, centre)
    name = node["name"] if len(node["name"]) <= 13 else node["name"][:12] + "…"
    text = element(
        "text",
        name,
        x=spot[0],
        y=spot[1] + 4,
        transform=f"rotate({shorten(turn + (180 if away else 0))} {shorten(spot[0])} {shorten(spot[1])})",
        text_anchor="end" if away else "start",
        class_="name",
    )
    dot = element("circle", cx=x, cy=y, r=4, class_="dot")
    return element("g", dot, text, hint(say(f"{node['name']}，{node['since']}", f"{node['name']}, {node['since']}")))
