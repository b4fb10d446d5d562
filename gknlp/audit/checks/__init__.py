"""A rule and a view in, findings out: one function a kind of check, by the name that the files of rules use.

``CHECKS`` say it of one view at a time, ``GRID_CHECKS`` of one table of all reports at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gknlp.audit.checks.cells import CELL_CHECKS
from gknlp.audit.checks.claims import CLAIM_CHECKS
from gknlp.audit.checks.corpus_wide import CORPUS_CHECKS
from gknlp.audit.checks.cross_year import CROSS_YEAR_CHECKS
from gknlp.audit.checks.dates import DATE_CHECKS
from gknlp.audit.checks.documents import DOCUMENT_CHECKS
from gknlp.audit.checks.grids import GRID_CHECKS
from gknlp.audit.checks.references import REFERENCE_CHECKS
from gknlp.audit.checks.years import YEAR_CHECKS
from gknlp.audit.finding import Finding
from gknlp.audit.rules import Rule

Check = Callable[[Rule, Any], Iterator[Finding]]

CHECKS: Mapping[str, Check] = {
    **CELL_CHECKS,
    **CROSS_YEAR_CHECKS,
    **CORPUS_CHECKS,
    **CLAIM_CHECKS,
    **DOCUMENT_CHECKS,
    **DATE_CHECKS,
    **YEAR_CHECKS,
    **REFERENCE_CHECKS,
}

__all__ = ["CHECKS", "GRID_CHECKS", "Check"]
