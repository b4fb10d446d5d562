import pickle
import subprocess
import sys

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.errors import UsageError
from gknlp.features.spacy_tokens import NAME, blank_pipeline
from gknlp.text.tokens import cut_tagged, cut_words

TEXTS = st.text(
    st.one_of(
        st.sampled_from("政务公开信息依申请答复件条一二〇，。、；（）《》 \u3000\r\n\t%.-+#&_Ab19"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=50,
)


@pytest.fixture(scope="module")
def nlp():
    return blank_pipeline()


@pytest.mark.parametrize(
    "text",
    ["", " ", "门户网站 已改版", "一是  学习。\n\n二是\t培训。 ", "\ufeff甲\u3000乙", "😀👨‍👩‍👧龘", "a  b ", "1 052则"],
)
def test_the_doc_is_the_text_and_its_tokens_stand_where_the_words_do(nlp, text):
    doc = nlp(text)
    assert doc.text == text
    assert [text[token.idx : token.idx + len(token)] for token in doc] == [token.text for token in doc]
    assert "".join(token.text_with_ws for token in doc) == text


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_any_text_comes_back_from_its_doc(nlp, text):
    assert nlp(text).text == text


def test_tokens_are_the_words_of_the_one_door_with_their_tags(nlp):
    text = "我局在门户网站公布办事指南12份，群众反映良好。"
    doc = nlp(text)
    assert tuple(token.text for token in doc) == cut_words(text)
    assert tuple((token.text, token.tag_) for token in doc) == cut_tagged(text)


def test_one_space_is_the_word_before_it_and_a_second_is_a_token(nlp):
    assert [(token.text, token.whitespace_) for token in nlp("改版  后")] == [("改版", " "), (" ", ""), ("后", "")]


def test_two_pipelines_with_different_words_do_not_disturb_each_other(nlp):
    text = "开设青禾夜谈直播"
    before = [token.text for token in nlp(text)]
    other = blank_pipeline(terms=["青禾夜谈"])
    assert "青禾夜谈" in [token.text for token in other(text)]
    assert [token.text for token in nlp(text)] == before
    assert "青禾夜谈" not in before


def test_a_pipeline_goes_through_bytes_disk_and_pickle_with_its_words(tmp_path):
    text = "开设青禾夜谈直播"
    made = blank_pipeline(terms=["青禾夜谈"], hmm=False)
    words = [token.text for token in made(text)]
    made.to_disk(tmp_path / "model")
    again = [
        blank_pipeline().from_bytes(made.to_bytes()),
        spacy.load(tmp_path / "model"),
        pickle.loads(pickle.dumps(made)),  # noqa: S301  # our own bytes
    ]
    assert [[token.text for token in nlp(text)] for nlp in again] == [words] * 3


def test_a_config_names_the_tokenizer_without_importing_it_first():
    code = (
        f"import spacy; nlp = spacy.blank('zh', config={{'nlp': {{'tokenizer': {{'@tokenizers': '{NAME}'}}}}}});"
        "print([t.text for t in nlp('政务公开培训')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "['政务公开', '培训']\n", done.stderr


def test_a_lone_surrogate_is_refused_by_name(nlp):
    with pytest.raises(UsageError, match="ud800"):
        nlp("甲\ud800乙")


def test_without_guessing_an_unlisted_word_has_no_tag():
    guessed = {token.text: token.tag_ for token in blank_pipeline(terms=[])("柳荫镇")}
    plain = {token.text: token.tag_ for token in blank_pipeline(terms=[], hmm=False)("柳荫镇")}
    assert guessed == {"柳荫镇": "nr"}
    assert "柳荫镇" not in plain
