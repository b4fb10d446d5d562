"""Names of WordprocessingML in both its standards (transitional, strict) as short words, and access by them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml.etree import strip_elements

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_OTHER = {
    "http://schemas.openxmlformats.org/markup-compatibility/2006": ("AlternateContent", "Choice", "Fallback"),
    "http://schemas.openxmlformats.org/officeDocument/2006/math": ("t",),
}
_WORDS = (
    "p r t tab br cr ptab noBreakHyphen sym tbl tr tc tcPr trPr tblPrEx tblPr tblGrid sdt sdtPr sdtContent sdtEndPr "
    "ins moveTo del moveFrom delText instrText delInstrText fldChar fldSimple rPr pPr sectPr vanish numPr numId ilvl "
    "pStyle gridSpan gridBefore gridAfter vMerge hMerge cellDel rt txbxContent footnoteReference endnoteReference "
    "smartTagPr customXmlPr docPartObj docPartGallery bookmarkStart bookmarkEnd proofErr"
)
WORDS: dict[str, str] = {f"{{{space}}}{word}": word for space in _WORD for word in _WORDS.split()}
"""Full tag of each element that matters -> its short name; a tag that is not here has no meaning of its own."""
WORDS.update({f"{{{space}}}{word}": word for space, words in _OTHER.items() for word in words})
_LOOKS = [
    "tblPr",
    "tblGrid",
    "tblPrEx",
    "tblPrChange",
    "trHeight",
    "cantSplit",
    "tblHeader",
    "jc",
    "tcW",
    "tcBorders",
    "shd",
    "noWrap",
    "tcMar",
    "textDirection",
    "tcFitText",
    "vAlign",
    "hideMark",
    "cnfStyle",
    "spacing",
    "ind",
    "bookmarkStart",
    "bookmarkEnd",
    "proofErr",
    "lastRenderedPageBreak",
    "rFonts",
    "sz",
    "szCs",
    "color",
    "kern",
    "lang",
    "sectPr",
]
_OFF = ("0", "false", "off", "none")


def child(element: Any, name: str) -> Any:
    """The first child of this name, None where there is none."""
    for space in _WORD:
        found = element.find(f"{{{space}}}{name}")
        if found is not None:
            return found
    return None


def children_named(element: Any, name: str) -> Iterator[Any]:
    """The children of this name in their order."""
    for space in _WORD:
        yield from element.findall(f"{{{space}}}{name}")


def attribute(element: Any, name: str) -> str:
    """An attribute's value, '' where it is missing."""
    return next((value for space in _WORD if (value := element.get(f"{{{space}}}{name}")) is not None), "")


def has_any(element: Any, name: str) -> bool:
    """Whether an element of this name stands anywhere below."""
    return next(element.iter(*(f"{{{space}}}{name}" for space in _WORD)), None) is not None


def strip_looks(body: Any, *, numbered: bool) -> None:
    """Takes out of a body what neither is text nor says which text is seen (half of reading is passing it by).

    Run and paragraph properties go where nothing in the document is hidden, deleted, moved or ``numbered``.
    """
    tracked = any(has_any(body, name) for name in ("del", "moveFrom"))
    gone = list(_LOOKS)
    gone += ["rPr"] if not tracked and not has_any(body, "vanish") else []
    gone += ["pPr"] if not tracked and not numbered else []
    strip_elements(body, *(f"{{{space}}}{name}" for space in _WORD for name in gone), with_tail=False)


def properties_of(element: Any, name: str) -> dict[str | None, Any]:
    """The properties (w:pPr, w:tcPr, w:rPr) that open an element, by short name; none where it has none.

    By the standard they are an element's first child; of a row its first or second.
    """
    for node in element[:2] if name == "trPr" else element[:1]:
        if WORDS.get(node.tag) == name:
            return {WORDS.get(found.tag): found for found in node}
    return {}


def value_of(found: Any) -> str:
    """The ``w:val`` of an element, '' where it has none or there is no element (None)."""
    return "" if found is None else attribute(found, "val")


def is_on(found: Any) -> bool:
    """Whether a property is set: its element is there and does not say "off"."""
    return found is not None and value_of(found).lower() not in _OFF
