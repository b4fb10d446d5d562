"""One RawDocument in, one Report out; pure, and it never raises on content. Knows no files and no corpus."""

from gknlp.parse.report import parse_report

__all__ = ["parse_report"]
