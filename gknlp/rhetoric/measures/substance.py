"""Substance (实质内容) and style of a narrative: figures that words and their marks give."""

from __future__ import annotations


def measure_specificity(n_marks: int, n_words: int) -> float | None:
    """Specificity (具体性): named things / words.

    Named things are counts, money, shares, dates, named documents, bodies, channels and places; the agency's own name
    and the reporting year are left out. Unit: per word. None for no words.
    Source: Hope, Hu and Lu 2016, Review of Accounting Studies 21(4):1005-1045 (definition read): named entities of 7
    classes / words. Adapted: by rules, for no Chinese NER model ships on the package index; persons are left out,
    channels and documents are ours.

    >>> measure_specificity(3, 60)
    0.05
    """
    return n_marks / n_words if n_words else None


def measure_hard_information(n_numbers: int, n_words: int) -> float | None:
    """Hard information (硬信息): informative numbers (counts, money, shares; no dates, headings, list numbers) / words.

    Unit: per word. None for no words.
    Source: Blankespoor 2019, Journal of Accounting Research 57(4); Dyer et al. 2017 (from memory, formula not re-read).

    >>> measure_hard_information(2, 50)
    0.04
    """
    return n_numbers / n_words if n_words else None


def measure_readability_clause(n_chars: int, n_clauses: int) -> float | None:
    """r1 of readability_zh (分句平均字数): characters / clauses, clauses being what stands between signs.

    Unit: code points a clause. None for no clauses. Source: see `measure_readability_zh`.

    >>> measure_readability_clause(36, 4)
    9.0
    """
    return n_chars / n_clauses if n_clauses else None


def measure_readability_linking(linking: list[tuple[int, int]]) -> float | None:
    """r2 of readability_zh (副词连词占比): mean over sentences of adverbs and conjunctions / words.

    Parameters
    ----------
    linking : for each unit its adverbs and conjunctions (jieba tags d, c) and its words; units without words are
        left out.

    Unit: share, 0-1. None where no unit has words. Source: see `measure_readability_zh`.

    >>> measure_readability_linking([(1, 10), (3, 10), (0, 0)])
    0.2
    """
    shares = [count / words for count, words in linking if words]
    return sum(shares) / len(shares) if shares else None


def measure_readability_zh(clause: float | None, linking: float | None) -> float | None:
    """Readability (可读性): (r1 + r2) / 2; the larger, the harder to read.

    Unit: mixed, so that r1 (characters) outweighs r2 (a share): report both beside it. None where either is.
    Source: Xu Wei, Yao Zhenye and Chen Donghua 2021, 会计研究 (abstract read).

    >>> measure_readability_zh(9.0, 0.2)
    4.6
    """
    return None if clause is None or linking is None else (clause + linking) / 2


def measure_hedge_density(n_hedges: int, n_chars: int) -> float | None:
    """Hedge density (模糊限制语密度): hedge words in 1,000 characters of the problem part.

    Unit: per 1,000 code points. None without a problem part.
    Source: hedging as in work on metadiscourse, Hyland 2005 (from memory); the word list is ours.

    >>> measure_hedge_density(3, 200)
    15.0
    """
    return 1000 * n_hedges / n_chars if n_chars else None


def measure_concrete_commitment(n_concrete: int, n_planned: int) -> float | None:
    """Concrete commitment (具体承诺): planned units with a number, date, body, channel, place or named document / planned units.

    Unit: share, 0-1. None where nothing is planned. Source: ours.

    >>> measure_concrete_commitment(1, 4)
    0.25
    """
    return n_concrete / n_planned if n_planned else None


def measure_praise_to_shortfall(n_achievement: int, n_shortfall: int) -> float | None:
    """Praise to shortfall (褒贬比): achievement units / shortfall units.

    Unit: ratio, 0 upwards. None where no shortfall is admitted: no ratio says how much praise stands against nothing.
    Source: ours.

    >>> measure_praise_to_shortfall(6, 4), measure_praise_to_shortfall(6, 0)
    (1.5, None)
    """
    return n_achievement / n_shortfall if n_shortfall else None
