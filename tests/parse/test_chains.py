"""The best increasing chain against all chains there are."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from gknlp.parse.chains import Link, best_chain

LINKS = st.lists(
    st.builds(
        lambda start, length, rank, score: Link(start, start + length, rank, float(score)),
        st.integers(0, 12),
        st.integers(1, 4),
        st.integers(0, 4),
        st.integers(1, 3),
    ),
    max_size=9,
).map(lambda links: sorted(links, key=lambda link: link.start))


def is_chain(links):
    return all(a.end <= b.start and a.rank < b.rank for a, b in pairwise(links))


@given(LINKS)
def test_no_chain_has_a_higher_sum(links):
    chains = (chosen for n in range(len(links) + 1) for chosen in combinations(links, n) if is_chain(chosen))
    chosen = [links[place] for place in best_chain(links)]
    assert is_chain(chosen)
    assert sum(link.score for link in chosen) == max(sum(link.score for link in chain) for chain in chains)


def test_of_equal_chains_the_one_that_ends_first_is_taken():
    assert best_chain([Link(0, 1, 0, 1.0), Link(2, 3, 0, 1.0)]) == (0,)
    assert best_chain([]) == ()


def test_of_two_chains_of_one_rank_and_sum_the_one_that_ends_first_goes_on():
    assert best_chain([Link(0, 4, 0, 1.0), Link(1, 2, 0, 1.0), Link(5, 6, 1, 1.0)]) == (1, 2)
