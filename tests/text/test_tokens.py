import doctest
import io
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
from gknlp.text import dictionary, lexicons, tokens
from gknlp.text.dictionary import load_frequencies
from gknlp.text.lexicons import hash_lexicon, load_lexicon
from gknlp.text.tokens import Tokenizer, cut_spans, cut_words, default_tokenizer, lexicon_hash, split_blocks
from tests.bench.segmentation import ROOT, SAMPLE, cut_anew, make_strings, plain_words, read_texts
from tests.bench.timing import seconds

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
    assert dictionary.JIEBA.Tokenizer.gen_pfdict(io.BytesIO(dictionary.read_dictionary())) == load_frequencies()


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


CANNOT_BE_RJIEBA = not dictionary.can_use_rjieba()
needs_rjieba = pytest.mark.skipif(CANNOT_BE_RJIEBA, reason="no tested release of rjieba is installed")


@pytest.fixture(scope="module", params=["jieba", pytest.param("rjieba", marks=needs_rjieba)])
def engines(request):
    """Both ways to cut, with and without the Markov model."""
    return [Tokenizer(terms=load_lexicon("terms"), hmm=hmm, engine=request.param) for hmm in (True, False)]


def differing(engines, plain_jieba, strings):
    for number, text in enumerate(strings):
        hmm = number % 4 != 3
        if list(engines[not hmm].cut_words(text)) != plain_jieba.lcut(text, HMM=hmm):
            yield text


def list_words():
    return [word for word, frequency in load_frequencies()[0].items() if frequency]


def test_2000_strange_strings_are_cut_as_by_jieba(engines, plain_jieba):
    assert list(differing(engines, plain_jieba, make_strings(2_000, seed=3, words=list_words()))) == []


@pytest.mark.nightly
def test_40000_strange_strings_are_cut_as_by_jieba(engines, plain_jieba):
    assert list(differing(engines, plain_jieba, make_strings(40_000, seed=4, words=list_words()))) == []


def test_the_sample_is_cut_as_by_jieba(engines, plain_jieba):
    texts = read_texts(SAMPLE)
    assert len(texts) == 80
    assert list(differing(engines, plain_jieba, texts)) == []


@pytest.mark.real
def test_real_reports_are_cut_as_by_jieba(engines, plain_jieba, real_reports):
    texts = read_texts(real_reports)
    assert texts
    assert list(differing(engines, plain_jieba, texts * 4)) == []


@needs_rjieba
def test_the_strange_strings_are_strange():
    """rjieba alone would cut hundreds of them otherwise; those it is given here are cut by it in whole."""
    fast = Tokenizer(terms=load_lexicon("terms"), engine="rjieba")
    strings = [text for text in make_strings(4_000, seed=3, words=list_words()) if not set(text) & set("\ud800\udfff")]
    alone = sum(fast._rjieba.cut(text) != list(fast.cut_words(text)) for text in strings)
    assert alone > 300
    assert sum(tokens._ASIDE.search(text) is None for text in strings) > 1_000


TIES = [
    "区信信信申",
    "西托西托西西",
    "爷豆豆爷爷豆爷",
    "落圣圣圣磨",
    "咱拥拥拥称灰",
    "向槲岭镇岭槲镇，落圣圣圣磨。公开",
]


def test_equally_likely_guesses_are_jiebas(engines, plain_jieba):
    for text in TIES:
        assert list(engines[0].cut_words(text)) == plain_jieba.lcut(text)


@needs_rjieba
def test_rjieba_alone_guesses_otherwise_where_a_character_comes_again():
    fast = Tokenizer(engine="rjieba")
    assert [text for text in TIES if fast._rjieba.cut(text) != list(fast.cut_words(text))]
    assert not fast._find_doubtful("政府信息公开年度报告由信息公开科编写，公开透明")


@needs_rjieba
@pytest.mark.nightly
def test_every_other_code_point_is_one_word_to_rjieba_too():
    fast = Tokenizer(engine="rjieba")._rjieba
    others = [char for char in map(chr, range(0x110000)) if not tokens._BLOCK.match(char)]
    safe = [char for char in others if not tokens._ASIDE.match(char)]
    assert len(safe) > 900_000
    assert [char for char in safe if fast.cut(f"政务{char}{char}公开") != ["政务", char, char, "公开"]] == []


@pytest.mark.parametrize("sign", "+#&._%-")
def test_long_blocks_are_cut_at_the_same_place_by_both(engines, sign):
    slow = Tokenizer(terms=load_lexicon("terms"), engine="jieba")
    for text in (
        "政务公开" * 1_024,
        "政务公开" * 1_100,
        "政务公开" * 1_100 + sign,
        sign + "公开政务" * 2_100 + "。公开",
    ):
        assert engines[0].cut_words(text) == slow.cut_words(text)
        assert "".join(engines[0].cut_words(text)) == text


def test_an_untested_release_is_not_used(monkeypatch):
    monkeypatch.setattr(dictionary, "RJIEBA_TESTED", ("0.0",))
    assert not dictionary.can_use_rjieba()
    assert Tokenizer()._rjieba is None
    with pytest.raises(UsageError, match="leave the engine to 'auto'"):
        Tokenizer(engine="rjieba")


def test_no_rjieba_is_no_harm(monkeypatch):
    def missing(name):
        raise dictionary.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(dictionary.metadata, "version", missing)
    plain = Tokenizer(terms=load_lexicon("terms"))
    assert plain._rjieba is None
    assert plain.cut_words(SENTENCE) == cut_words(SENTENCE)


def test_the_locked_rjieba_is_a_tested_one():
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert any(f"rjieba=={version} " in locked for version in dictionary.RJIEBA_TESTED)
    assert any(f"\njieba=={version} " in locked for version in dictionary.JIEBA_TESTED)


def test_what_is_remembered_is_bounded(monkeypatch):
    slow = Tokenizer(engine="jieba")
    for number in range(200):
        slow.cut_words("长" * 49 + str(number))
    assert slow._cut_remembered.cache_info().currsize == 0, "long pieces do not come again"
    slow.cut_words("，".join(f"第{number}号" for number in range(300)))
    information = slow._cut_remembered.cache_info()
    assert (information.currsize, information.maxsize, information.hits) == (301, 32_768, 298)


@pytest.mark.nightly
def test_both_ways_are_as_fast_as_promised():
    """6 times jieba with rjieba, twice without it, on formulaic text cut for the first time."""
    fast, slow = (Tokenizer(terms=load_lexicon("terms"), engine=engine) for engine in ("auto", "jieba"))
    texts = read_texts(SAMPLE)
    alone = seconds(lambda: [plain_words(slow, text) for text in texts], rounds=3)
    assert alone / seconds(lambda: cut_anew(slow, texts), rounds=3) > 2
    if fast._rjieba is not None:
        assert alone / seconds(lambda: cut_anew(fast, texts), rounds=3) > 6


def test_the_kept_table_is_named_by_what_it_is_made_of(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    first = dictionary.cache_file(b"one 1 n\n")
    assert tmp_path in first.parents
    assert dictionary.cache_file(b"one 1 n\n") == first
    assert dictionary.cache_file(b"two 1 n\n") != first
    monkeypatch.setattr(dictionary.JIEBA, "__version__", "0.0")
    assert dictionary.cache_file(b"one 1 n\n") != first


def test_the_table_is_kept_whole_and_built_anew_where_it_is_damaged(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(dictionary, "read_dictionary", "政务 7 n\n公开 5 v\n".encode)
    table = ({"政": 0, "政务": 7, "公": 0, "公开": 5}, 12)
    assert load_frequencies() == table
    [file] = dictionary.cache_file(dictionary.read_dictionary()).parent.iterdir()
    whole = file.read_bytes()
    for damaged in (b"", whole[:-1], whole[:40] + b"x" + whole[41:], marshal.dumps(({"政务": 1}, 1))):
        file.write_bytes(damaged)
        assert load_frequencies() == table
        assert file.read_bytes() == whole
    with monkeypatch.context() as patch:
        patch.setattr(dictionary.JIEBA.Tokenizer, "gen_pfdict", None)
        assert load_frequencies() == table, "read back, not built"


def test_where_nothing_can_be_kept_the_table_is_built(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "file"))
    monkeypatch.setattr(dictionary, "read_dictionary", "政务 7 n\n".encode)
    assert load_frequencies() == ({"政": 0, "政务": 7}, 7)


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
        (tokens, "read_dictionary", lambda: b"one 1 n\n"),
        (tokens, "load_lexicon", lambda name: ("one term",)),
        (tokens.JIEBA, "__version__", "0.0"),
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
