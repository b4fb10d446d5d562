"""The text of one Word paragraph as a reader sees it: runs joined, tracked deletions, field codes and hidden text gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gknlp.readers.docx_names import WORDS, attribute, child, is_on, properties_of

_PRINTED = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOT_PRINTED = frozenset(
    [
        "rPr",
        "pPr",
        "tblPr",
        "tblGrid",
        "trPr",
        "tcPr",
        "sdtPr",
        "sdtEndPr",
        "smartTagPr",
        "customXmlPr",
        "sectPr",
        "del",
        "moveFrom",
        "delText",
        "delInstrText",
        "rt",
        "sym",
        "bookmarkStart",
        "bookmarkEnd",
        "proofErr",
    ]
)
_DROPPED_FIELDS = frozenset({"TOC", "PAGE", "NUMPAGES", "SECTIONPAGES", "XE", "TC"})
_MOST_OPEN = 32
"""Fields that reach over the end of a paragraph together; more are damage, and what they hold is text."""
_CONTENTS = "table of contents"


@dataclass(slots=True)
class _Field:
    """A field that is open: its instruction so far, whether its result has begun, and whether that is dropped."""

    code: str = ""
    in_result: bool = False
    dropped: bool = False


@dataclass(slots=True)
class RunReader:
    """Reads paragraphs in order; fields may reach over several of them.

    ``boxes`` collects the text boxes (w:txbxContent) met since they were last taken; ``n_notes`` counts references to
    footnotes and endnotes. ``keep_contents``: the result of a table-of-contents field is text like any other. ``hides``:
    some run of the document is hidden, so that each is asked.
    """

    keep_contents: bool = False
    hides: bool = True
    boxes: list[Any] = field(default_factory=list)
    n_notes: int = 0
    _fields: list[_Field] = field(default_factory=list)
    _n_closed: int = 0

    def read_text(self, paragraph: Any) -> str:
        """The visible text; '' for an empty paragraph."""
        out: list[str] = []
        self._walk(paragraph, out)
        if self._fields:
            kept = [opened for opened in self._fields if opened.in_result]
            self._fields = kept if len(kept) <= _MOST_OPEN else []
            self._n_closed = sum(opened.dropped for opened in self._fields)
        return "".join(out)

    def read_plain(self, paragraph: Any) -> str | None:
        """The text of a paragraph of nothing but runs of text; None for any other, and inside of a field."""
        if self.hides or self._fields:
            return None
        out = ""
        for run in paragraph:
            if WORDS.get(run.tag) != "r":
                return None
            for node in run:
                if WORDS.get(node.tag) != "t":
                    return None
                out += node.text or ""
        return out

    def drops_unended(self) -> bool:
        """Whether a dropped field was never closed, so that what was dropped may be the document itself."""
        return any(opened.dropped for opened in self._fields)

    def _walk(self, element: Any, out: list[str]) -> None:
        for node in element:
            word = WORDS.get(node.tag)
            if word == "r":
                self._read_run(node, out)
            elif word == "t":
                if node.text and not self._n_closed:
                    out.append(node.text)
            elif word in _PRINTED:
                if not self._n_closed:
                    out.append(_PRINTED[word])
            elif word not in _NOT_PRINTED:
                self._read_special(node, word, out)

    def _read_run(self, run: Any, out: list[str]) -> None:
        """A hidden run says nothing, but the fields in it open and close."""
        hidden = self.hides and is_on(properties_of(run, "rPr").get("vanish"))
        self._walk(run, [] if hidden else out)

    def _read_special(self, node: Any, word: str | None, out: list[str]) -> None:
        if word == "fldChar":
            self._turn_field(attribute(node, "fldCharType"))
        elif word == "instrText":
            if self._fields:
                self._fields[-1].code += node.text or ""
        elif word in ("footnoteReference", "endnoteReference"):
            self.n_notes += 1
        elif word == "txbxContent":
            self.boxes.append(node)
        elif word == "fldSimple":
            if not self._is_dropped(attribute(node, "instr")):
                self._walk(node, out)
        else:
            inner = unwrap(node, word)
            if inner is not None:
                self._walk(inner, out)

    def _turn_field(self, kind: str) -> None:
        """Keeps count of the open fields that hide what stands in them: still in their code, or dropped."""
        top = self._fields[-1] if self._fields else None
        if kind == "begin":
            self._fields.append(_Field())
            self._n_closed += 1
        elif kind == "separate" and top and not top.in_result:
            top.in_result = True
            top.dropped = self._is_dropped(top.code)
            self._n_closed -= not top.dropped
        elif kind == "end" and top:
            self._fields.pop()
            self._n_closed -= top.dropped or not top.in_result

    def _is_dropped(self, code: str) -> bool:
        name = (code.split() or [""])[0].upper()
        return name in _DROPPED_FIELDS and not (self.keep_contents and name == "TOC")


def unwrap(node: Any, word: str | None) -> Any:
    """The element whose children stand in a wrapper's place; None for a table of contents or an empty wrapper.

    A wrapper is a content control (w:sdt), an alternative (mc:AlternateContent: its first choice, once), or any
    element without a meaning of its own (hyperlink, smartTag, ins, moveTo, customXml), which is its own inside.
    """
    if word == "sdt":
        return None if _is_contents(node) else child(node, "sdtContent")
    if word == "AlternateContent":
        kinds = {WORDS.get(option.tag): option for option in reversed(node)}
        return kinds.get("Choice", kinds.get("Fallback"))
    return node


def _is_contents(control: Any) -> bool:
    properties = child(control, "sdtPr")
    part = None if properties is None else child(properties, "docPartObj")
    gallery = None if part is None else child(part, "docPartGallery")
    return gallery is not None and attribute(gallery, "val").lower() == _CONTENTS
