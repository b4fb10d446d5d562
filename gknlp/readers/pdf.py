"""PDF with a text layer: pages in, linear text and stitched tables out. Scans are named as such, never guessed at."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError
from pdfminer.pdfpage import PDFPage
from pdfplumber.utils.exceptions import PdfminerException

from gknlp.readers.encoding import clean_text
from gknlp.readers.linear import Linear
from gknlp.readers.pdf_flow import arrange_pages, write_blocks
from gknlp.readers.pdf_gate import MOST_PAGES, Budget, check_streams
from gknlp.readers.pdf_page import PageInk, read_page
from gknlp.readers.unreadable import Unreadable
from gknlp.records import Diagnostic

_LOGGERS = ("pdfminer", "pdfplumber")
_DAMAGED = "pdf: damaged, or no PDF"
_START = re.compile(rb"startxref\s+\d+")
_NOWHERE = b"startxref\n999999999999"
"""A place behind the end: pdfminer then looks for the objects themselves."""


def read_pdf(data: bytes) -> Linear:
    """The document's text layer: paragraphs joined over lines and pages, tables with their spans, stitched over pages.

    Page numbers and running heads are left out and noted; a page without text among pages with text is noted.

    Raises
    ------
    Unreadable : damaged, locked by a password, too large to be read, or without any text (a scan).
    """
    check_streams(data)
    pages = _read_or_mend(data)
    if not pages:
        raise Unreadable("pdf: no pages", "read")
    if not any(page.glyphs for page in pages):
        unmapped = any(page.n_unmapped for page in pages)
        reason = "no text: fonts without character codes" if unmapped else "no text: scanned pages"
        raise Unreadable(reason, "read")
    blocks, dropped = arrange_pages(pages)
    linear = write_blocks(blocks)
    text, damage = clean_text(linear.text)
    return Linear(text, linear.grids, None, (*_page_notes(pages), *dropped, *damage))


def _read_or_mend(data: bytes) -> list[PageInk]:
    """The pages; where the file's own list of places leads nowhere, those that are found without it."""
    reason: Unreadable | None = None
    try:
        if pages := _read_pages(data):
            return pages
    except Unreadable as error:
        if error.reason != _DAMAGED:
            raise
        reason = error
    try:
        return _read_pages(_START.sub(_NOWHERE, data))
    except Unreadable as error:
        if error.reason != _DAMAGED:
            raise
    if reason:
        raise reason
    return []


def _read_pages(data: bytes) -> list[PageInk]:
    try:
        with _silence(), pdfplumber.open(io.BytesIO(data), password="") as document:
            budget = Budget()
            found = list(islice(PDFPage.create_pages(document.doc), MOST_PAGES + 1))
            if len(found) > MOST_PAGES:
                raise Unreadable(f"pdf: more than {MOST_PAGES} pages", "gate")
            return [read_page(page, document.rsrcmgr, budget) for page in found]
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        if isinstance(_cause(error), PDFEncryptionError):
            raise Unreadable("pdf: encrypted, opens only with a password", "read") from error
        raise Unreadable(_DAMAGED, "read") from error


def _cause(error: Exception) -> object:
    """What pdfminer raised: pdfplumber wraps it."""
    return error.args[0] if isinstance(error, PdfminerException) and error.args else error


def _page_notes(pages: Sequence[PageInk]) -> Iterator[Diagnostic]:
    for number, page in enumerate(pages, start=1):
        if not page.glyphs and page.n_pictures:
            yield Diagnostic("page_without_text", "warning", None, "a text layer", f"page {number}")
        if page.n_unmapped:
            found = f"page {number}: {page.n_unmapped}"
            yield Diagnostic("unmapped_characters", "warning", None, "character codes in every font", found)
        if page.n_slanted:
            found = f"page {number}: {page.n_slanted} characters"
            yield Diagnostic("slanted_text_left_out", "info", None, "text along the page's edges", found)


@contextmanager
def _silence() -> Iterator[None]:
    """No log lines and no warnings of the libraries, on their own loggers and for this call alone."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
