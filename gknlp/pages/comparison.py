"""Two texts on one page of their own, side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from gknlp.pages.figures.strip import draw_strip
from gknlp.pages.findings.aligned import Span, align_spans
from gknlp.pages.page import render_template
from gknlp.text.contacts import mask_contacts

Shared = tuple[Span, Span, float, bool]
"""A stretch of each text as (start, end), their similarity, whether it is mandated wording."""


def align_texts(
    texts: tuple[str, str], shared: Sequence[Shared], mandated: tuple[Sequence[Span], Sequence[Span]]
) -> list[dict[str, Any]]:
    """Each shared stretch with the pieces of both sides, by place in the first text; contacts masked.

    A piece has kind (equal, changed, only, masked, number), text, and whether it lies in one of the ``mandated`` stretches.
    """
    masked = (mask_contacts(texts[0]), mask_contacts(texts[1]))
    return [
        {
            **align_spans(masked, (None, None), a, b, mandated),
            "similarity": similarity,
            "stratum": "mandated" if prescribed else "peer",
        }
        for a, b, similarity, prescribed in sorted(shared)
    ]


def render_comparison(
    names: tuple[str, str],
    texts: tuple[str, str],
    shared: Sequence[Shared],
    mandated: tuple[Sequence[Span], Sequence[Span]],
    measures: Mapping[str, Any],
    *,
    version: str = "",
) -> bytes:
    """A self-contained page of two texts: how much each shares, both as strips, every shared stretch side by side.

    Parameters
    ----------
    names : what the texts are called.
    shared : their shared stretches; () gives a page that says there are none.
    mandated : the stretches of each that law, notice or form prescribe.
    measures : shared_chars, containment_a, containment_b, mandated_a, mandated_b.
    """
    passages = align_texts(texts, shared, mandated)
    values = {
        "page": "compare",
        "about": {},
        "nav": [],
        "root": "",
        "names": names,
        "measures": measures,
        "passages": passages,
        "lengths": [len(text) for text in texts],
        "mandated": [measures["mandated_a"], measures["mandated_b"]],
        "strips": [
            _strip(text, passages, side, own) for text, side, own in zip(texts, ("", "other_"), mandated, strict=True)
        ],
        "hashes": [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts],
        "version": version,
    }
    return render_template("compare.html.j2", values)


def _strip(text: str, passages: Sequence[Mapping[str, Any]], side: str, mandated: Sequence[Span]) -> Any:
    spans = [
        {
            "start": passage[f"{side}start"],
            "end": passage[f"{side}end"],
            "stratum": passage["stratum"],
            "href": f"#p{place}",
        }
        for place, passage in enumerate(passages, start=1)
    ]
    spans.sort(key=lambda span: (span["stratum"] == "mandated", span["start"], span["end"]))
    spans += [{"start": start, "end": end, "stratum": "mandated", "href": "#sides"} for start, end in sorted(mandated)]
    return draw_strip({"n_chars": len(text), "spans": spans, "ticks": []})
