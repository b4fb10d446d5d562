import doctest
import logging
import marshal
import os
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gknlp.errors import UsageError
from gknlp.text import lexicons, tokens
from gknlp.text.lexicons import hash_lexicon, load_lexicon
from gknlp.text.tokens import Tokenizer, cut_spans, cut_words, default_tokenizer, lexicon_hash, split_blocks

SENTENCE = "青禾县依申请公开件全部按期答复，三审三校制度落实到位。"

# Everything a file may hold: any code point, lone surrogates among them, mixed with what reports are made of.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("政务公开信息依申请答复件条一二〇，。、；（）《》 \u3000\r\n\t%.-+#&_Ab19"),
        st.sampled_from("龘龥鿕㐀𠀀\ufa0e😀👨‍👩‍👧\ud800\udfff\x00\x1c\x85\u2028\ufeff\u0301"),
        st.characters(),
    ),
    max_size=60,
)


@pytest.fixture(scope="module")
def plain_jieba(tmp_path_factory):
    """jieba as its users run it, given the same terms in the same order, its cache kept to this test."""
    import jieba

    jieba.setLogLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    for term in sorted(load_lexicon("terms"), key=lambda term: (len(term), term)):
        tokenizer.add_word(term)
    return tokenizer


@pytest.fixture(scope="module")
def without_hmm():
    return Tokenizer(terms=load_lexicon("terms"), hmm=False)


CASES = [
    ("", ()),
    ("。", ("。",)),
    ("政府信息公开", ("政府信息公开",)),
    ("收到依申请公开3件", ("收到", "依申请公开", "3", "件")),
    ("落实三审三校，编制权责清单", ("落实", "三审三校", "，", "编制", "权责清单")),
    ("政务公开工作", ("政务公开", "工作")),
    ("公开率98.5%\r\n完成", ("公开", "率", "98.5%", "\r\n", "完成")),
    ("政务\u3000公开", ("政务", "\u3000", "公开")),
    ("😀公开\ud800", ("😀", "公开", "\ud800")),
]


@pytest.mark.parametrize(("text", "words"), CASES)
def test_words(text, words):
    assert cut_words(text) == words


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_words_and_spans_tile_the_text(text):
    words, spans = cut_words(text), cut_spans(text)
    assert "".join(words) == text
    assert tuple(text[start:end] for start, end in spans) == words
    assert all(end == start for (_, end), (start, _) in pairwise(spans))
    assert all(start < end for start, end in spans)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_words_are_jiebas_own(plain_jieba, without_hmm, text):
    assert list(cut_words(text)) == plain_jieba.lcut(text)
    assert list(without_hmm.cut_words(text)) == plain_jieba.lcut(text, HMM=False)


def test_the_frequencies_are_those_of_the_installed_dictionary_and_the_terms(plain_jieba):
    ours = default_tokenizer()._jieba
    assert (ours.FREQ == plain_jieba.FREQ, ours.total) == (True, plain_jieba.total)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_blocks_are_cut_independently_of_each_other(text):
    in_blocks = [word for block in split_blocks(text) for word in cut_words(block)]
    assert in_blocks == [word for word in cut_words(text) if split_blocks(word)]


def test_the_markov_model_is_a_choice_of_the_tokenizer(without_hmm):
    assert cut_words("请联系欧阳霁雯") == ("请", "联系", "欧阳", "霁雯")
    assert without_hmm.cut_words("请联系欧阳霁雯") == ("请", "联系", "欧阳", "霁", "雯")


def test_every_shipped_term_is_one_word():
    assert [term for term in load_lexicon("terms") if cut_words(term) != (term,)] == []


def test_a_tokenizer_has_its_own_terms_in_any_order():
    before = cut_words(SENTENCE)
    terms = ["青禾县依", "按期答复", "审三", "禾县依申请", "IPv6-only"]
    first, second = Tokenizer(terms=terms), Tokenizer(terms=reversed(terms))
    assert "按期答复" in first.cut_words(SENTENCE)
    assert first.cut_words(SENTENCE) == second.cut_words(SENTENCE)
    assert cut_words(SENTENCE) == before
    assert "按期答复" not in before
    assert first.cut_words("IPv6-only网站") == ("IPv6-only", "网站"), "a hyphen does not end a block"


def test_words_forced_apart_elsewhere_stay_whole_here():
    import jieba

    assert "霁雯" in cut_words("请联系欧阳霁雯")
    jieba.finalseg.add_force_split("霁雯")  # what jieba.del_word does, in a set shared by all of jieba's tokenizers
    try:
        assert "霁雯" not in jieba.finalseg.cut("霁雯")
        assert "霁雯" in cut_words("请联系欧阳霁雯")
    finally:
        jieba.finalseg.Force_Split_Words.discard("霁雯")


@pytest.mark.parametrize("term", ["", "政府 公开", "三审、三校", "公开😀"])
def test_a_term_that_is_always_cut_is_refused(term):
    with pytest.raises(UsageError, match="cannot be one word"):
        Tokenizer(terms=[term])


def test_a_hostile_run_without_punctuation_is_cut_in_bounded_time():
    text = "龘" * 30_000
    assert max(map(len, split_blocks(text))) == 4096
    assert "".join(cut_words(text)) == text


def run_python(code, folder, *options):
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPYCACHEPREFIX": str(folder.with_name("bytecode"))}
    return subprocess.run(
        [sys.executable, *options, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def temporary_folder(tmp_path):
    (tmp_path / "temporary").mkdir()
    return tmp_path / "temporary"


def test_a_planted_cache_changes_nothing_and_none_is_written(temporary_folder):
    planted = {"申": 0, "申请": 0, "申请公": 0, "申请公开": 0, "申请公开件": 10**6}
    (temporary_folder / "jieba.cache").write_bytes(marshal.dumps((planted, 10**6)))
    ours = f"from gknlp.text.tokens import cut_words; print('/'.join(cut_words({SENTENCE!r})))"
    assert run_python(ours, temporary_folder).stdout.strip() == "/".join(cut_words(SENTENCE))
    assert [path.name for path in temporary_folder.iterdir()] == ["jieba.cache"]
    plain = f"import jieba; print('/'.join(jieba.cut({SENTENCE!r})))"
    assert "/申请公开件/" in run_python(plain, temporary_folder).stdout, (
        "the planted cache would have worked on jieba itself"
    )


def test_import_and_use_are_silent_with_warnings_as_errors(temporary_folder):
    code = (
        "import logging, sys; import gknlp.text.tokens as t; words = t.cut_words('政务公开')\n"
        "assert words == ('政务公开',), words\n"
        "assert 'jieba' not in sys.modules and not logging.getLogger('jieba').handlers and not logging.root.handlers"
    )
    done = run_python(code, temporary_folder, "-W", "error")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_default_tokenizer_is_built_once():
    assert default_tokenizer() is default_tokenizer()


def test_the_hash_covers_version_dictionary_and_terms(monkeypatch):
    hashes = {lexicon_hash.__wrapped__()}
    for target, name, value in [
        (tokens, "_read_dictionary", lambda: b"one 1 n\n"),
        (tokens, "load_lexicon", lambda name: ("one term",)),
        (tokens._JIEBA, "__version__", "0.0"),
    ]:
        with monkeypatch.context() as patch:
            patch.setattr(target, name, value)
            hashes.add(lexicon_hash.__wrapped__())
    assert len(hashes) == 4
    assert lexicon_hash() in hashes


@pytest.mark.parametrize("name", lexicons.NAMES)
def test_a_word_list_is_sorted_without_comments_and_can_be_hashed(name):
    words = load_lexicon(name)
    assert list(words) == sorted(set(words))
    assert not [word for word in words if word.startswith("#") or word != word.strip() or not word]
    assert len(words) > 150
    assert len(hash_lexicon(name)) == 64


def test_the_two_lists_are_apart():
    assert set(load_lexicon("terms")) & set(load_lexicon("stopwords")) == set()
    assert hash_lexicon("terms") != hash_lexicon("stopwords")


def test_an_unknown_list_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match="'places'; use one of: stopwords, terms"):
        load_lexicon("places")


@pytest.mark.parametrize("module", [tokens, lexicons])
def test_the_examples_in_the_docstrings_hold(module):
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
