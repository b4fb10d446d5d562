"""Corpus tables in, findings out: rules as data, three outcomes (pass, fail, not assessable). Knows no files."""

from gknlp.audit.check import audit_corpus, check_reports
from gknlp.audit.rules import AuditConfig, Rule, load_rules
from gknlp.audit.summary import summarise_findings

__all__ = ["AuditConfig", "Rule", "audit_corpus", "check_reports", "load_rules", "summarise_findings"]
