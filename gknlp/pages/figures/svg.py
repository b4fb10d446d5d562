"""SVG by hand: elements with escaped content, the figure as a value, and its two homes (inside a page, in a file)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from markupsafe import Markup

from gknlp.pages.words import Words
from gknlp.schemas import STRATA

Part = Markup | str


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with the finding it states. ``width`` and ``height`` in CSS pixels; ``body`` is SVG markup."""

    name: str
    width: float
    height: float
    body: Markup
    title: Words
    csv: str = ""


def shorten(value: float) -> str:
    """A coordinate with at most two decimals, the same text on every machine.

    >>> shorten(3.14159), shorten(2.0), shorten(-0.001)
    ('3.14', '2', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(name: str, *children: Part, **attributes: object) -> Markup:
    """One SVG element; text and attribute values are escaped, ``class_`` stands for class and ``_`` for ``-``.

    >>> str(element("text", "<b>", x=1.5))
    '<text x="1.5">&lt;b&gt;</text>'
    """
    parts = [
        Markup(' {}="{}"').format(
            key.rstrip("_").replace("_", "-"), shorten(value) if isinstance(value, float) else value
        )
        for key, value in attributes.items()
        if value is not None
    ]
    opening = Markup("<{}{}").format(name, Markup("").join(parts))
    if not children:
        return opening + Markup("/>")
    return opening + Markup(">") + join(children) + Markup("</{}>").format(name)


def join(parts: Iterable[Part]) -> Markup:
    """Parts one after the other; plain strings are escaped."""
    return Markup("").join(parts)


def both(words: Words, **attributes: object) -> Markup:
    """The same text in both languages at one place; the page shows one of them."""
    if words["zh"] == words["en"]:
        return element("text", words["zh"], **attributes)
    extra = str(attributes.pop("class_", ""))
    zh = element("text", words["zh"], class_=f"zh {extra}".strip(), lang="zh-CN", **attributes)
    return zh + element("text", words["en"], class_=f"en {extra}".strip(), lang="en", **attributes)


def hint(words: Words) -> Markup:
    """What a pointer over a mark shows: both languages, for it cannot switch."""
    text = words["zh"] if words["zh"] == words["en"] else f"{words['zh']}\n{words['en']}"
    return element("title", text)


def link(href: str | None, *children: Part, **attributes: object) -> Markup:
    """A mark that leads to its cases; out of the tab order, since the table below each figure has the same links."""
    return (
        element("a", *children, href=href, tabindex=-1, **attributes) if href else element("g", *children, **attributes)
    )


def draw_inline(figure: Figure) -> Markup:
    """The figure for a page, coloured by the page's style."""
    return element(
        "svg",
        figure.body,
        class_="fig",
        viewBox=f"0 0 {shorten(figure.width)} {shorten(figure.height)}",
        width=figure.width,
        height=figure.height,
        role="group",
        aria_label=f"{figure.title['zh']}。{figure.title['en']}",
    )


def draw_file(figure: Figure) -> bytes:
    """The figure as a file of its own: light colours, its finding as the heading, Chinese shown, English kept inside."""
    style = files("gknlp.pages").joinpath("static/figure.css").read_text(encoding="utf-8")
    heading = both(figure.title, x=0, y=16, class_="heading")
    svg = element(
        "svg",
        element("title", f"{figure.title['zh']}。{figure.title['en']}"),
        element("style", Markup(style.replace("&", "&amp;").replace("<", "&lt;"))),  # noqa: S704  our own file, escaped for XML
        draw_patterns(),
        heading,
        element("g", figure.body, transform="translate(0 30)"),
        xmlns="http://www.w3.org/2000/svg",
        class_="fig",
        viewBox=f"-12 -8 {shorten(figure.width + 24)} {shorten(figure.height + 46)}",
        width=figure.width + 24,
        height=figure.height + 46,
        lang="zh-CN",
    )
    return str(svg).encode("utf-8", "xmlcharrefreplace")


_STROKES = {
    "mandated": "",
    "formula": "M0 3H6",
    "regional": "M3 0V6",
    "viral": "M0 0L6 6M6 0L0 6",
    "peer": "M0 6L6 0",
    "self": "M0 0L6 6",
    "model_text": "M0 3H6M3 0V6",
    "original": "",
}


def draw_patterns() -> Markup:
    """The strata's fills: each a colour and a hatching of its own, so that no stratum is told by colour alone."""
    patterns = [
        element(
            "pattern",
            element("rect", width=6, height=6, class_=f"c-{stratum}"),
            *([element("path", d=_STROKES[stratum], class_="hatch")] if _STROKES[stratum] else []),
            id=f"p-{stratum}",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
        )
        for stratum in STRATA
    ]
    missing = element(
        "pattern",
        element("path", d="M0 5L5 0", class_="gap"),
        id="p-missing",
        width=5,
        height=5,
        patternUnits="userSpaceOnUse",
    )
    return element("defs", *patterns, missing)
