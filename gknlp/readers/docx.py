"""Word documents (.docx): the visible text in reading order, automatic numbers included, tables with their merged cells.

Left out: headers, footers, comments, tables of contents, deleted and hidden text, field codes; footnotes and endnotes
too, as lines after the signature would look like part of it (their number is noted).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gknlp.readers.docx_blocks import Block, BlockReader, WordCell, WordTable
from gknlp.readers.docx_names import child, has_any, strip_looks
from gknlp.readers.docx_numbering import Counters, parse_numbering, parse_style_numbers
from gknlp.readers.docx_runs import RunReader
from gknlp.readers.gate import GateLimits
from gknlp.readers.linear import Linear, LinearBuilder, TableCell
from gknlp.readers.ooxml import Element, Package
from gknlp.readers.unreadable import Unreadable
from gknlp.records import Diagnostic

_MAIN = "word/document.xml"
_LONG_CELL = 120
"""Letters in several paragraphs of a row's only cell that make it running text set in a frame, not a table."""


def read_docx(data: bytes) -> Linear:
    """The document's visible text and its tables.

    Raises
    ------
    Unreadable : encrypted, damaged, too large, or without a main part.
    """
    package = Package(data, "docx", GateLimits())
    main = package.find_main(_MAIN)
    document = package.read_xml(main)
    body = None if document is None else child(document, "body")
    if body is None:
        raise Unreadable("docx: no main text in it", "read")
    parts = {kind.rpartition("/")[2]: target for kind, target in package.relations(main).values()}
    numbering = package.read_xml(parts.get("numbering", "word/numbering.xml"))
    styles = package.read_xml(parts.get("styles", "word/styles.xml")) if numbering is not None else None
    strip_looks(body, numbered=numbering is not None)
    hides = has_any(body, "vanish")
    linear, whole = _read_body(body, numbering, styles, RunReader(hides=hides))
    return linear if whole else _read_body(body, numbering, styles, RunReader(keep_contents=True, hides=hides))[0]


def _read_body(body: Element, numbering: Element, styles: Element, runs: RunReader) -> tuple[Linear, bool]:
    """The linear text, and whether every field that was dropped came to its end."""
    reader = BlockReader(runs, Counters(parse_numbering(numbering)), parse_style_numbers(styles))
    builder = LinearBuilder()
    _add_blocks(reader.read_blocks(body), builder)
    notes = [Diagnostic("notes_left_out", "info", None, "0", str(runs.n_notes))] if runs.n_notes else []
    return builder.finish(notes=notes), not runs.drops_unended()


def _add_blocks(blocks: Iterable[Block], builder: LinearBuilder) -> None:
    for block in blocks:
        if isinstance(block, str):
            builder.add_line(block)
        else:
            _add_table(block, builder)


def _add_table(table: WordTable, builder: LinearBuilder) -> None:
    """A table; one that only frames running text as the paragraphs in it, an inner one after the row it stands in."""
    if all(len(row) <= 1 for row in table.rows):
        _add_blocks((block for row in table.rows for cell in row for block in cell.blocks), builder)
        return
    rows: list[Sequence[WordCell]] = []
    for row in table.rows:
        framed = _framed_text(row)
        inner = [] if framed else [block for cell in row for block in cell.blocks if isinstance(block, WordTable)]
        if not framed:
            rows.append(row)
        if framed or inner:
            builder.add_table(_place_cells(rows))
            rows = []
            _add_blocks(framed or inner, builder)
    builder.add_table(_place_cells(rows))


def _framed_text(row: Sequence[WordCell]) -> Sequence[Block]:
    """The blocks of a row whose only filled cell holds a table or paragraphs of running text, else none."""
    filled = [cell for cell in row if cell.blocks]
    if len(filled) != 1:
        return ()
    blocks = filled[0].blocks
    if any(isinstance(block, WordTable) for block in blocks):
        return blocks
    length = sum(len(block) for block in blocks if isinstance(block, str))
    return blocks if len(row) == 1 and len(blocks) > 1 and length > _LONG_CELL else ()


def _place_cells(rows: Sequence[Sequence[WordCell]]) -> list[TableCell]:
    """Cells with their vertical reach: one that continues lengthens the merge above that begins in the same column.

    A continuing cell shows nothing of its own; one with no merge above it is a cell like any other.
    """
    placed: list[TableCell] = []
    above: dict[int, int] = {}
    for number, row in enumerate(rows):
        here: dict[int, int] = {}
        for cell in row:
            index = above.get(cell.column) if cell.merge == "continue" else None
            if index is None:
                index = len(placed)
                placed.append(TableCell(number, cell.column, _cell_text(cell), 1, cell.span))
            else:
                top = placed[index]
                placed[index] = TableCell(top.row, top.column, top.text, number - top.row + 1, top.column_span)
            if cell.merge:
                here[cell.column] = index
        above = here
    return placed


def _cell_text(cell: WordCell) -> str:
    """The cell's own paragraphs; letters set one below the other (自/然/人) as the word they make."""
    text = "\n".join(block for block in cell.blocks if isinstance(block, str))
    pieces = text.split()
    if len(pieces) == 1 and len(text) > 1:
        return text
    return "".join(pieces) if all(len(piece) == 1 and piece.isalpha() for piece in pieces) else text
