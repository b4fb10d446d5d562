"""A Word body as blocks in reading order: paragraphs as text, tables as rows of cells that hold blocks again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from gknlp.readers.docx_names import WORDS, is_on, properties_of, value_of
from gknlp.readers.docx_numbering import Counters, StyleNumber, label_of
from gknlp.readers.docx_runs import RunReader, unwrap

_MAX_SPAN = 512
"""Columns that one cell may cover or one row may leave out; Word itself ends at 63."""
_LEAVES = frozenset(["del", "moveFrom", "sectPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sdtPr", "sdtEndPr"])
_ON_MARK = ("del", "moveFrom")


@dataclass(frozen=True, slots=True)
class WordCell:
    """A cell at its column of the table's grid; ``merge`` down the rows: restart, continue, or '' for none."""

    column: int
    span: int
    merge: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table row by row."""

    rows: tuple[tuple[WordCell, ...], ...]


Block: TypeAlias = "str | WordTable"


@dataclass(slots=True)
class BlockReader:
    """Reads blocks in order, counting automatic numbers as they come."""

    runs: RunReader
    counters: Counters
    styles: dict[str, StyleNumber]

    def read_blocks(self, parent: Any, *, in_cell: bool = False) -> Iterator[Block]:
        """The blocks of a body, a cell or a text box; a paragraph without text is left out.

        An empty paragraph that is numbered shows its number: in a cell that is its content (序号), elsewhere debris.
        """
        carried = ""
        for node in _children(parent, ("p", "tbl")):
            if WORDS.get(node.tag) == "tbl":
                yield WordTable(tuple(self._rows(node)))
                continue
            properties = properties_of(node, "pPr")
            text = carried + self.runs.read_text(node)
            carried = ""
            if _mark_is_gone(properties.get("rPr")):
                carried = text
            else:
                style = value_of(properties.get("pStyle"))
                label = label_of(properties.get("numPr"), style, self.styles, self.counters)
                if text.strip() or (label and in_cell):
                    yield label + text.strip()
            yield from self._boxes()
        if carried.strip():
            yield carried

    def _boxes(self) -> Iterator[Block]:
        boxes, self.runs.boxes = self.runs.boxes, []
        for box in boxes:
            yield from self.read_blocks(box)

    def _rows(self, table: Any) -> Iterator[tuple[WordCell, ...]]:
        for row in _children(table, ("tr",)):
            properties = properties_of(row, "trPr")
            if "del" not in properties:
                yield tuple(self._cells(row, _number(properties.get("gridBefore"), 0)))

    def _cells(self, row: Any, column: int) -> Iterator[WordCell]:
        held: WordCell | None = None
        for node in _children(row, ("tc",)):
            properties = properties_of(node, "tcPr")
            if "cellDel" in properties:
                continue
            span = _number(properties.get("gridSpan"), 1) or 1
            if held is not None and _merge(properties.get("hMerge")) == "continue":
                held = WordCell(held.column, held.span + span, held.merge, held.blocks)
            else:
                if held is not None:
                    yield held
                merge = _merge(properties.get("vMerge"))
                held = WordCell(column, span, merge, self._cell_blocks(node))
            column += span
        if held is not None:
            yield held

    def _cell_blocks(self, cell: Any) -> tuple[Block, ...]:
        """The blocks of a cell; most hold one paragraph of plain runs, which has no number and is read in one step."""
        if len(cell) == 1 + _properties_end(cell) and WORDS.get(cell[-1].tag) == "p":
            text = self.runs.read_plain(cell[-1])
            if text is not None:
                text = text.strip()
                return (text,) if text else ()
        return tuple(self.read_blocks(cell, in_cell=True))


def _properties_end(cell: Any) -> int:
    """How many of a cell's children are its properties: 1, or 0 for a cell without."""
    return int(len(cell) > 1 and WORDS.get(cell[0].tag) == "tcPr")


def _children(parent: Any, wanted: tuple[str, ...]) -> Iterator[Any]:
    """Elements of these names below a parent, seen through wrappers; what is deleted or moved away is left out."""
    for node in parent:
        word = WORDS.get(node.tag)
        if word in wanted:
            yield node
        elif word not in _LEAVES:
            inner = unwrap(node, word)
            if inner is not None and len(inner):
                yield from _children(inner, wanted)


def _mark_is_gone(mark: Any) -> bool:
    """Whether a paragraph's end (its w:rPr or None) is a tracked deletion: it then reads on into the next one."""
    return mark is not None and any(WORDS.get(found.tag) in _ON_MARK and is_on(found) for found in mark)


def _merge(found: Any) -> str:
    """restart, continue (also where nothing is said), or '' for a cell that is not merged."""
    return "" if found is None else value_of(found) or "continue"


def _number(found: Any, default: int) -> int:
    printed = value_of(found)
    return min(int(printed), _MAX_SPAN) if printed.isascii() and printed.isdigit() and len(printed) < 10 else default
