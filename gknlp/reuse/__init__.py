"""Reports (or plain texts) and their sections in; passages, span clusters, pairs and coverage of copied text (文本复用) out.

Knows columns only: no files, no form cells, no themes. Two doors: `find_reuse` for a corpus, `find_reuse_in_texts` for
plain texts; `compare_texts` lays two texts side by side. Winnowed fingerprints are linked with their first publisher and
the agency's own previous report, never with each other: time grows with the text, however much of it is shared.
"""

from gknlp.reuse.compare import Comparison, SharedPassage, compare_texts
from gknlp.reuse.config import ReuseConfig
from gknlp.reuse.find import analyse_documents, find_reuse, find_reuse_in_texts, make_tables
from gknlp.reuse.resources import Resources

__all__ = [
    "Comparison",
    "Resources",
    "ReuseConfig",
    "SharedPassage",
    "analyse_documents",
    "compare_texts",
    "find_reuse",
    "find_reuse_in_texts",
    "make_tables",
]
