"""The codebook as one page of HTML, for coders who read it in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

from gknlp.themes.codebook import Codebook
from gknlp.themes.markdown import ESCAPED_BAR, codebook_markdown

_HEADING = re.compile(r"(#{1,3}) (.*)")
_ITEM = re.compile(r"(-|\d+\.) (.*)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_BETWEEN_CELLS = re.compile(r" (?<!\\)\| ")
_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2rem .5rem;text-align:left;vertical-align:top}"
)


def codebook_html(codebook: Codebook) -> str:
    """The page of `codebook_markdown` as HTML that needs nothing else; equal codebooks give equal text."""
    lines = codebook_markdown(codebook).splitlines()
    body = "\n".join(block for kind, group in groupby(lines, _kind) for block in _blocks(kind, list(group)))
    title = f"Codebook {escape(codebook.version)}"
    head = f'<head><meta charset="utf-8" /><title>{title}</title><style>{_STYLE}</style></head>'
    return f'<!doctype html>\n<html lang="en">\n{head}\n<body>\n{body}\n</body>\n</html>\n'


def _kind(line: str) -> str:
    """What a line of the page belongs to: h, table, ul, ol, p or '' for a blank one."""
    if line.startswith("|"):
        return "table"
    if _HEADING.match(line):
        return "h"
    item = _ITEM.match(line)
    if item:
        return "ul" if item[1] == "-" else "ol"
    return "p" if line else ""


def _blocks(kind: str, lines: list[str]) -> Iterator[str]:
    if kind == "table":
        header, _, *rows = lines
        yield "<table>"
        yield _row(header, "th")
        yield from (_row(row, "td") for row in rows)
        yield "</table>"
    elif kind in ("ul", "ol"):
        items = (f"<li>{_inline(line.partition(' ')[2])}</li>" for line in lines)
        yield f"<{kind}>{''.join(items)}</{kind}>"
    elif kind == "h":
        for line in lines:
            marks, text = _HEADING.fullmatch(line).groups()  # type: ignore[union-attr]  # _kind saw the match
            yield f"<h{len(marks)}>{_inline(text)}</h{len(marks)}>"
    elif kind == "p":
        yield from (f"<p>{_inline(line)}</p>" for line in lines)


def _row(line: str, tag: str) -> str:
    cells = _BETWEEN_CELLS.split(line[2:-2])
    return f"<tr>{''.join(f'<{tag}>{_inline(cell.strip())}</{tag}>' for cell in cells)}</tr>"


def _inline(text: str) -> str:
    return _STRONG.sub(r"<strong>\1</strong>", escape(text.replace(ESCAPED_BAR, "|"), quote=False))
