"""Cells in, findings out: rules as data, three outcomes (pass, fail, not assessable). Knows no text and no files."""

from gknlp.audit.check import audit_corpus, check_cells
from gknlp.audit.rules import AuditConfig, Balance, load_rules
from gknlp.audit.summary import summarise_findings

__all__ = ["AuditConfig", "Balance", "audit_corpus", "check_cells", "load_rules", "summarise_findings"]
