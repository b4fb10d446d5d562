"""Corpus tables in, how well different numbers of topics do out: measures side by side, none of which chooses alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from scipy.stats import t as student

from gknlp.errors import NotEnoughTextError
from gknlp.tables import table_of
from gknlp.topics.documents import gather_documents
from gknlp.topics.matching import find_medoid
from gknlp.topics.measures import measure_perplexity
from gknlp.topics.model_config import SweepConfig
from gknlp.topics.room import fitted_counts, order_runs, run_rows
from gknlp.topics.rows import DECIMALS, Row
from gknlp.topics.runs import fit_all

MEASURES = {
    "perplexity": "lower",
    "npmi": "higher",
    "c_v": "higher",
    "exclusivity": "higher",
    "frex": "higher",
    "diversity": "higher",
    "stability": "higher",
    "n_unstable": "lower",
}
"""What is compared, and which way is better."""

WHY_NOT_COHERENCE_ALONE = {
    "zh": "主题一致性（NPMI、C_v）只看每个话题的前几个词是否常在同一单元出现：话题彼此重复、或都由套话组成时它照样很高，"
    "也不管文本有多少被解释；因此须与留出困惑度、独特性、多样性和稳定性一起看，再由人读过词表与例句后决定。",
    "en": "Coherence (NPMI, C_v) asks only whether a topic's first words stand in the same units: it stays high where topics "
    "repeat each other or consist of boilerplate, and says nothing on how much of the text is explained; read it beside "
    "held-out perplexity, exclusivity, diversity and stability, and let a person who has read words and units decide.",
}


def sweep_topics(
    tables: Mapping[str, pa.Table], *, config: SweepConfig, workers: int | None = None
) -> dict[str, pa.Table]:
    """Every number of topics of the grid from every seed, side by side.

    The held-out documents are the same for all fits, so differences are the models'; intervals are over seeds (Student's
    t, 95 %, for the mean of ``n_runs`` fits), null for one seed, and say nothing of other corpora.

    Parameters
    ----------
    tables : ``reports`` and ``units``; ``theme_labels`` if ``config.leave_out`` names themes.
    workers : fits side by side, None for one a core; changes no byte.

    Returns
    -------
    ``topic_runs`` : a row for each fit. ``topic_choice`` : a row for each number of topics and measure.

    Raises
    ------
    NotEnoughTextError : fewer documents than the largest number of topics, or no word left to count.
    """
    largest = replace(config, n_topics=max(config.grid))
    documents = gather_documents(tables, config=largest)
    matrix = fitted_counts(documents, largest)
    drawn = np.random.default_rng(config.seed).permutation(matrix.shape[0])
    n_held = max(1, round(config.held_out * matrix.shape[0]))
    held, used = np.sort(drawn[:n_held]), np.sort(drawn[n_held:])
    counted = documents.report_counts if documents.fitted_by == "reports" else documents.unit_counts
    if len(used) < max(config.grid):
        raise NotEnoughTextError(
            f"{len(used)} {documents.fitted_by} are left to fit, too few for {max(config.grid)} topics; lower grid or "
            "held_out, or add reports"
        )
    orders = [order for n_topics in sorted(config.grid) for order in order_runs(documents, config, n_topics)]
    fits = fit_all(matrix[used], orders, workers=workers)
    rows: list[Row] = []
    for start in range(0, len(orders), config.n_runs):
        part = slice(start, start + config.n_runs)
        kept, likeness = find_medoid([fit.words for fit in fits[part]])
        made = run_rows(fits[part], orders[part], documents, config, kept=kept, likeness=likeness)
        for row, fit in zip(made, fits[part], strict=True):
            perplexity = measure_perplexity(fit, counted.matrix[held])
            rounded = None if perplexity is None else round(perplexity, DECIMALS)
            rows.append(row | {"n_documents": len(used), "n_held_out": len(held), "perplexity": rounded})
    return {"topic_runs": table_of("topic_runs", rows), "topic_choice": table_of("topic_choice", choice_rows(rows))}


def choice_rows(runs: Sequence[Row]) -> Iterator[Row]:
    """For each number of topics and each measure, its mean over the fits with a 95 % interval."""
    groups: dict[tuple[str, int], list[Row]] = {}
    for run in runs:
        groups.setdefault((run["method"], run["n_topics"]), []).append(run)
    for (method, n_topics), rows in groups.items():
        for measure, better in MEASURES.items():
            values = [row[measure] for row in rows if row[measure] is not None]
            row = {"method": method, "n_topics": n_topics, "measure": measure, "better": better, "n_runs": len(values)}
            yield {**row, **_interval(values)}


def _interval(values: Sequence[float]) -> dict[str, float | None]:
    if not values:
        return {"mean": None, "low": None, "high": None}
    mean = float(np.mean(values))
    if len(values) == 1:
        return {"mean": round(mean, DECIMALS), "low": None, "high": None}
    reach = float(student.ppf(0.975, len(values) - 1)) * float(np.std(values, ddof=1)) / np.sqrt(len(values))
    return {
        name: round(value, DECIMALS) for name, value in (("mean", mean), ("low", mean - reach), ("high", mean + reach))
    }
