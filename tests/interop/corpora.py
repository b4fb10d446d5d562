"""Small fictional corpora for exports, built with the real parser."""

from __future__ import annotations

from gknlp.corpus import BuildOptions, Corpus, build_corpus
from gknlp.forms import load_forms
from tests.parse.documents import print_report, zeros

_REQUESTS = {"new_requests": 12, "granted": 7, "denied_by_law": 2, "denied_third_party": 3, "outcome_total": 12}
_CASES = {"review": 4, "litigation_direct": 1, "litigation_after_review": 2}
COUNTS = {
    **{("t3", row, column): str(n) for row, n in _REQUESTS.items() for column in ("natural_person", "total")},
    **{("t4", row, column): str(n) for row, n in _CASES.items() for column in ("upheld", "total")},
}
"""Tables that add up."""


def report(agency, year, counts=COUNTS, *, form="revised_2021", **parts):
    """A report of an agency and year; ``counts`` are its cells that are not 0."""
    return print_report(
        form,
        "a",
        {**zeros(load_forms()[form]), **counts},
        title=f"{agency}{year}年政府信息公开工作年度报告",
        preamble=f"依照条例写成本报告，所列数据统计期限自{year}年1月1日起至{year}年12月31日止。",
        signature=f"{agency}人民政府\n{year + 1}年1月20日",
        **{"overview": f"{year}年，本镇挂出各类消息三十七条。", **parts},
    )


def build(top, files, *, to="corpus"):
    """A corpus of ``files`` (path -> text or bytes); built again over an older one when there is one."""
    for name, text in files.items():
        path = top / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    build_corpus([top / "in"], top / to, options=BuildOptions(workers=1))
    return Corpus.open(top / to)


def tables_of(corpus, *names):
    return {name: corpus.table(name) for name in names or ("reports", "cells", "sections", "sources")}
