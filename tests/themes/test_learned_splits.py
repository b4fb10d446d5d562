"""Blocks, folds and the held-out side: whole agencies and near copies together, by hash alone."""

import random

import pytest

from gknlp.errors import UsageError
from gknlp.text.normalise import fold_text
from gknlp.themes import UnitText
from gknlp.themes.learned import Example
from gknlp.themes.learned.splits import assign_folds, find_blocks, hold_out, near_copies
from tests.themes.learned_examples import examples


def example(number, agency, text):
    return Example(f"{number}", agency, UnitText("overview", None, "", text), ("O02",))


def resemblance(left, right):
    sets = []
    for text in (left, right):
        folded = fold_text(text).text
        sets.append({folded[at : at + 5] for at in range(max(1, len(folded) - 4))})
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_agencies_and_near_copies_hang_together():
    found = find_blocks(
        [
            example(1, "甲镇", "全年在门户网站发布各类信息一千余条"),
            example(2, "甲镇", "举办培训"),
            example(3, "乙镇", "全年在门户网站发布各类信息一千余篇"),
            example(4, "丙镇", "年内没有收到公开申请"),
            example(5, "", "无人认领的一句"),
            example(6, "", "无"),
            example(7, "丙镇", "无。"),
        ]
    )
    assert found[0] == found[1] == found[2]
    assert found[3] == found[5] == found[6]
    assert len(set(found)) == 3
    assert find_blocks(()) == ()


def test_near_copies_are_those_of_the_definition():
    rng = random.Random(7)
    base = [one.unit.text for one in examples()[::9]]
    texts = []
    for text in base:
        texts.append(text)
        for _ in range(3):
            cut = rng.randrange(len(text))
            texts.append(text[:cut] + rng.choice(("的", "了", "", "甲乙丙丁戊")) + text[cut + rng.randrange(8) :])
    found = near_copies(texts)
    parents = list(range(len(texts)))
    for left, right in found:
        assert resemblance(texts[left], texts[right]) >= 0.5
        old, new = parents[right], parents[left]
        parents = [new if one == old else one for one in parents]
    for left in range(len(texts)):
        for right in range(left):
            if resemblance(texts[left], texts[right]) >= 0.5:
                assert parents[left] == parents[right], (texts[left], texts[right])
    assert len(found) > len(base)


def test_no_block_is_torn_and_no_order_matters():
    chosen = list(examples())
    blocks = find_blocks(chosen)
    folds, held = assign_folds(blocks, 3), hold_out(blocks, 0.4)
    for marks in (folds, held):
        assert len({(block, mark) for block, mark in zip(blocks, marks.tolist(), strict=True)}) == len(set(blocks))
    order = list(range(len(chosen)))
    random.Random(3).shuffle(order)
    mixed = find_blocks([chosen[row] for row in order])
    assert list(mixed) == [blocks[row] for row in order]
    assert assign_folds(mixed, 3).tolist() == [folds[row] for row in order]
    assert hold_out(mixed, 0.4).tolist() == [held[row] for row in order]
    assert 0 < held.sum() < len(held)


def test_a_block_keeps_its_side_when_others_come():
    names = tuple(f"机关{number}" for number in range(60))
    before, after = hold_out(names, 0.25), hold_out((*names, "新设机关", "又一机关"), 0.25)
    assert before.tolist() == after.tolist()[:60]
    assert 5 < before.sum() < 27


def test_too_few_blocks_are_refused():
    with pytest.raises(UsageError, match="2 blocks"):
        assign_folds(("甲", "乙"), 3)
    with pytest.raises(UsageError, match="nothing on one side"):
        hold_out(("甲",), 0.5)
