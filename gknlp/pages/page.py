"""The frame of every page: an autoescaping environment, the style and script by hash, and a policy that forbids all else."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gknlp.pages.figures import draw_inline
from gknlp.pages.figures.bars import draw_interval, draw_share, draw_strata
from gknlp.pages.figures.grid import draw_state
from gknlp.pages.figures.sparkline import draw_sparkline
from gknlp.pages.figures.svg import draw_patterns, element
from gknlp.pages.words import Words, number, percent, same, say, split_languages, word
from gknlp.schemas import STRATA


@cache
def load_asset(name: str) -> str:
    """One of the package's own style or script files."""
    return files("gknlp.pages").joinpath("static", name).read_text(encoding="utf-8")


@cache
def load_style() -> str:
    """The style of every page: the figures' rules, then the pages' own, with the dark colours put in both places."""
    own = load_asset("style.css").replace("DARK", load_asset("dark.css").strip())
    return load_asset("figure.css") + own + load_asset("themes.css")


def hash_source(text: str) -> str:
    """The hash of an inline script or style as a Content-Security-Policy writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


_SCRIPTS = {
    "audit": ("audit.js",),
    "themes": ("list.js", "unpack.js", "themes.js"),
    "similarity_report": ("align.js", "list.js", "unpack.js", "strip.js", "sides.js", "reuse.js"),
}


@cache
def load_script(page: str) -> str:
    """The script of a page: what all share, and what some have beside it."""
    return "".join(load_asset(name) for name in ("script.js", *_SCRIPTS.get(page, ())))


@cache
def content_policy(page: str) -> str:
    """The policy of a page: nothing from anywhere, but its own script and style, and images inside the page."""
    script, style = hash_source(load_script(page)), hash_source(load_style())
    return (
        f"default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def both(words: Words) -> Markup:
    """A statement in both languages, one of which the page shows."""
    if words["zh"] == words["en"]:
        return Markup("{}").format(words["zh"])
    return Markup('<span class="zh" lang="zh-CN">{zh}</span><span class="en" lang="en">{en}</span>').format(**words)


def embed_data(value: Any) -> Markup:
    """A value as JSON for a ``template`` element: read by the page's script, never run, and with no tag in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  no character of it can open a tag or an entity


@cache
def environment() -> Environment:
    """The templates with their filters; everything from a document is escaped, an undefined name is an error."""
    made = Environment(
        loader=PackageLoader("gknlp.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        both=both,
        percent=percent,
        number=number,
        languages=lambda text: both(split_languages(str(text))),
        word=lambda key, group: both(word(group, key)),
        data=embed_data,
    )
    made.globals.update(
        t=lambda zh, en: both(say(zh, en)),
        say=say,
        same=same,
        inline=draw_inline,
        share_bar=lambda share, **options: draw_inline(draw_share(share, **options)),
        strata_bar=lambda shares, **options: draw_inline(draw_strata(shares, **options)),
        interval_bar=lambda rate, interval: draw_inline(draw_interval(rate, interval)),
        sparkline=lambda points: draw_inline(draw_sparkline(points)),
        swatch=_swatch,
        word_of=word,
        STRATA=STRATA,
        style=load_style(),
        script=load_script,
        policy=content_policy,
        state_mark=_state_mark,
        any="—",
        patterns=element("svg", draw_patterns(), class_="defs", aria_hidden="true", width=0, height=0),
    )
    return made


def _state_mark(state: str) -> Markup:
    return element("svg", *draw_state(state, 0.5, 0.5, 21), class_="fig", width=22, height=15, aria_hidden="true")


def _swatch(stratum: str) -> Markup:
    box = element("rect", x=0.5, y=0.5, width=21, height=13, class_=f"s-{stratum}")
    return element("svg", box, class_="fig", width=22, height=14, viewBox="0 0 22 14", aria_hidden="true")


def render_template(name: str, values: dict[str, Any]) -> bytes:
    """One page as UTF-8; lone surrogates, which a hostile name may hold, become U+FFFD."""
    text = environment().get_template(name).render(values)
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode("utf-8")
