import shutil
from dataclasses import replace

import numpy as np
import pytest

from gknlp.errors import UsageError, VerificationError
from gknlp.features.weights import (
    decode_arrays,
    decode_words,
    encode_arrays,
    encode_words,
    shipped_folder,
    write_checked,
)
from gknlp.rhetoric import FacetConfig, Place
from gknlp.rhetoric.decide import decide_facets
from gknlp.rhetoric.facets import MODEL
from gknlp.rhetoric.find import fold_text, skip_opener
from gknlp.rhetoric.learned import model as model_module
from gknlp.rhetoric.learned.actor import see_actor
from gknlp.rhetoric.learned.bags import Bag, Sight, weigh_grams
from gknlp.rhetoric.learned.choice import Choice
from gknlp.rhetoric.learned.fit import fit_choice
from gknlp.rhetoric.learned.mentions import find_mentions
from gknlp.rhetoric.learned.model import load_model, read_model, write_model
from gknlp.rhetoric.learned.train import Coded, train_facets
from gknlp.rhetoric.learned.words import list_words, split_clauses
from gknlp.rhetoric.marks import Mark, Reading
from gknlp.rhetoric.pipeline import READING, build_pipeline
from tests.rhetoric.facet_scores import load_gold, take_half
from tests.rhetoric.train_facets import train

PAIRS = load_gold()
FILES = ("weights.npz", "model.json", "model.toml", "SHA256SUMS")


@pytest.fixture(scope="module")
def nlp():
    return build_pipeline()


@pytest.fixture(scope="module")
def shipped():
    return load_model(MODEL)


def sight_of(nlp, text, **place):
    folded = fold_text(text)
    return Sight(folded, skip_opener(folded), nlp(text).user_data[READING], Place(**place), "done", None)


def named(nlp, text, **place):
    sight = sight_of(nlp, text, **place)
    return [(sight.text[m.start : m.end], m.hint) for m in find_mentions(sight, list_words(sight))]


# ------------------------------------------------------------------ what a choice sees


def test_words_lie_where_they_stand_and_the_list_marker_is_none_of_them(nlp):
    text = "（二）１２月 底前，公布《目录》。"
    sight = sight_of(nlp, text)
    words = list_words(sight)
    assert all(sight.text[word.start : word.start + len(word.text)] == word.text for word in words if word.text.strip())
    assert words[0].start == sight.start == 3
    assert [sight.text[c.start : c.end] for c in split_clauses(sight, words)] == ["12月 底前", "公布《目录》。"[:-1]]


@pytest.mark.parametrize(
    ("text", "place", "due"),
    [
        ("老乡问得多，文书答得少。", {}, [("老乡", "public"), ("文书", "staff")]),
        ("沐陵县柳荫镇把账本贴出来。", {"agency": "沐陵县柳荫镇人民政府"}, [("沐陵县柳荫镇", "own")]),
        ("柳荫镇人民政府办了两场。", {"agency": "沐陵县柳荫镇人民政府"}, [("柳荫镇人民政府", "own")]),
        ("更新栏目十二个。", {}, []),
        ("", {}, []),
    ],
)
def test_who_is_named_is_found(nlp, text, place, due):
    assert named(nlp, text, **place) == due


def test_a_unit_that_names_nobody_has_nobody_as_actor(nlp, shipped):
    bags = see_actor(sight_of(nlp, "更新栏目十二个。"))
    assert [bag.values for bag in bags] == [("none",)]
    assert shipped.choices["actor"].choose(bags) == ("none", None)


@pytest.mark.parametrize(
    ("text", "place", "modality", "actor", "wording"),
    [
        (
            "我镇增设公示栏两块。",
            {"section": "overview", "level": "township", "kind": "government"},
            "done",
            "self",
            "我镇",
        ),
        ("下一步将增设公示栏。", {"section": "problems_improvements", "part": "improvements"}, "planned", "none", None),
        ("部分干部公开意识不强。", {"section": "problems_improvements", "part": "problems"}, "state", "staff", "干部"),
        (
            "群众对公开的知晓率不高。",
            {"section": "problems_improvements", "part": "problems"},
            "state",
            "public",
            "群众",
        ),
    ],
)
def test_plain_cases_come_out_as_the_codebook_has_them(nlp, shipped, text, place, modality, actor, wording):
    found = decide_facets(text, nlp(text).user_data[READING], Place(**place), model=shipped)
    assert (found.modality, found.actor) == (modality, actor)
    shown = [text[m.start : m.end] for m in found.evidence if m.facet == "actor"]
    assert shown == ([wording] if wording else [])


def test_an_empty_text_is_decided_by_rules(shipped):
    assert decide_facets("", Reading(), Place(), model=shipped) == decide_facets("", Reading(), Place())


def test_the_model_changes_only_what_it_learned_and_what_hangs_on_it(nlp, shipped):
    for text in ("我局在门户网站公布《目录》3份。", "干部不重视，更新慢。", "由办公室牵头，每周更新。"):
        reading, place = nlp(text).user_data[READING], Place(section="overview", agency="青禾县统计局")
        ruled, learned = (decide_facets(text, reading, place, model=model) for model in (None, shipped))
        assert ruled.specificity == learned.specificity
        assert [m for m in ruled.evidence if m.facet == "specificity"] == [
            m for m in learned.evidence if m.facet == "specificity"
        ]


# ------------------------------------------------------------------ learning


def planted(n_groups=6):
    """Units whose value is that of the mention behind 'by'; the other mention misleads."""
    units, labels, groups = [], [], []
    for group in range(n_groups):
        for agent, other in (("red", "blue"), ("blue", "red")):
            bags = [
                Bag(("red", "blue"), ("by", f"is {agent}"), span=(0, 1)),
                Bag(("red", "blue"), ("of", f"is {other}"), span=(2, 3)),
                Bag(("nobody",), ("nobody",)),
            ]
            units.append(bags)
            labels.append(agent)
            groups.append(f"g{group}")
        units.append([Bag(("red", "blue"), ("of", "is red")), Bag(("nobody",), ("nobody", "void"))])
        labels.append("nobody")
        groups.append(f"g{group}")
    return units, labels, groups


def test_a_choice_learns_which_mention_is_meant_without_being_told():
    units, labels, groups = planted()
    choice = fit_choice(units, labels, groups, values=("red", "blue", "nobody"), penalty=0.1)
    assert [choice.choose(bags)[0] for bags in units] == labels
    assert choice.choose(units[0]) == ("red", (0, 1))
    assert choice.choose(units[1]) == ("blue", (0, 1))


def test_shuffled_labels_teach_nothing_of_the_mentions():
    units, labels, groups = planted()
    choice = fit_choice(units, labels[1:] + labels[:1], groups, values=("red", "blue", "nobody"), penalty=0.1)
    assert sum(choice.choose(bags)[0] == label for bags, label in zip(units, labels, strict=True)) < len(labels) / 2


def test_features_of_too_few_agencies_are_no_features():
    units, labels, groups = planted(3)
    units[0] = [replace(units[0][0], plain=(*units[0][0].plain, "habit")), *units[0][1:]]
    assert "habit" not in fit_choice(units, labels, groups, values=("red", "blue", "nobody")).names
    with pytest.raises(UsageError, match="more agencies"):
        fit_choice(units, labels, ["one"] * len(units), values=("red", "blue", "nobody"))


def test_a_label_that_is_no_value_is_named():
    units, labels, groups = planted()
    with pytest.raises(UsageError, match="the label 'red' is none of blue, nobody"):
        fit_choice(units, labels, groups, values=("blue", "nobody"))


def test_a_unit_of_unknown_features_gets_a_value_and_one_without_bags_none():
    choice = Choice(("a", "b"), ("x",), np.array([[0.0, 1.0]], np.float32))
    assert choice.choose([Bag(("a", "b"), ("never seen",), ("nor this",))]) == ("a", None)
    assert choice.choose([Bag(("a", "b"), ("x",))]) == ("b", None)
    with pytest.raises(UsageError, match="without bags"):
        choice.choose([])


def test_many_known_grams_weigh_as_much_as_few():
    assert weigh_grams(0) == 0
    assert 9 * weigh_grams(9) ** 2 == pytest.approx(4 * weigh_grams(4) ** 2)


def test_training_needs_units_of_several_agencies(nlp):
    with pytest.raises(UsageError, match="nothing to learn from"):
        train_facets([], name="m", about={})
    coded = [Coded(f"u{at}", sight_of(nlp, "更新栏目。", agency="青禾县统计局"), {}, "O13") for at in range(3)]
    with pytest.raises(UsageError, match="more agencies"):
        train_facets(coded, name="m", about={})


@pytest.mark.skipif(not PAIRS, reason="corpora/gold has no labels yet")
@pytest.mark.nightly
def test_training_gives_the_same_bytes_whatever_the_order_of_units(tmp_path):
    known = take_half(PAIRS, "development")[:300]
    for name, pairs in (("once", known), ("again", known[::-1])):
        write_model(train(pairs), tmp_path / name, card="")
    assert (tmp_path / "once" / "weights.npz").read_bytes() == (tmp_path / "again" / "weights.npz").read_bytes()
    assert (tmp_path / "once" / "model.json").read_bytes() == (tmp_path / "again" / "model.json").read_bytes()


@pytest.mark.skipif(not PAIRS, reason="corpora/gold has no labels yet")
@pytest.mark.nightly
def test_the_shipped_model_is_what_training_gives(shipped):
    again = train(take_half(PAIRS, "development"))
    assert again.hash == shipped.hash


# ------------------------------------------------------------------ its folder


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_is_refused(tmp_path, name):
    folder = tmp_path / "model"
    shutil.copytree(shipped_folder(MODEL), folder)
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(bytes(data))
    with pytest.raises(VerificationError, match="changed or damaged"):
        read_model(folder)


def test_numbers_that_were_swapped_with_their_hashes_are_refused_by_the_hash_of_the_model(tmp_path, shipped):
    actor = shipped.choices["actor"]
    bent = replace(shipped, choices={**shipped.choices, "actor": replace(actor, weights=actor.weights * 2)})
    folder = tmp_path / "model"
    write_model(shipped, folder, card="card")
    kept = (folder / "model.json").read_bytes()
    write_model(bent, folder, card="card")
    contents = {name: (folder / name).read_bytes() for name in ("weights.npz", "model.toml")}
    write_checked(folder, {**contents, "model.json": kept})
    with pytest.raises(VerificationError, match=r"not those that model\.json promises"):
        read_model(folder)


def test_a_model_that_learned_from_other_patterns_is_refused(monkeypatch):
    monkeypatch.setattr(model_module, "patterns_hash", lambda: "0" * 64)
    with pytest.raises(UsageError, match="train it again"):
        read_model(shipped_folder(MODEL))


def test_a_written_model_reads_back_alike(tmp_path, shipped):
    write_model(shipped, tmp_path / "m", card="card")
    again = read_model(tmp_path / "m")
    assert (again.hash, again.about) == (shipped.hash, shipped.about)


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(UsageError, match="no model called 'nothing'"):
        load_model("nothing")
    with pytest.raises(UsageError, match="cannot be read"):
        read_model(tmp_path)
    assert FacetConfig(model="").model == ""


def test_arrays_go_there_and_back_and_objects_do_not():
    arrays = {"b": np.arange(3, dtype=np.float32), "a": encode_words(("甲", "乙 丙"))}
    data = encode_arrays(arrays)
    assert data == encode_arrays(dict(reversed(arrays.items())))
    assert decode_words(decode_arrays(data)["a"]) == ("甲", "乙 丙")
    assert decode_words(encode_words(())) == ()
    with pytest.raises(ValueError, match=r"[Oo]bject"):
        encode_arrays({"o": np.array([object()])})
    with pytest.raises(UsageError, match="no arrays"):
        decode_arrays(b"PK")


def test_evidence_of_an_actor_is_a_mark_of_the_text(nlp, shipped):
    text = "办公室牵头，各科室每周报送。"
    found = decide_facets(text, nlp(text).user_data[READING], Place(section="overview"), model=shipped)
    assert Mark("actor", "self", 0, 3) in found.evidence
