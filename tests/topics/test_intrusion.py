"""Intrusion tests: what tasks are made of, what a bad sheet says, and what scores mean."""

from __future__ import annotations

import csv
import doctest
import io
import json
import random
import re
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from gknlp.cli import topics_effects
from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.tables import table_of
from gknlp.themes.coding.read_workbook import decode_workbook
from gknlp.themes.coding.table import decode_csv
from gknlp.topics.intrusion import (
    COLUMNS,
    Answer,
    IntrusionConfig,
    decode_key,
    encode_key,
    encode_problems,
    make_tasks,
    read_answers,
    render_page,
    score,
    score_answers,
    sheet_rows,
)
from gknlp.topics.intrusion.tasks import LETTERS

N_TOPICS, N_REPORTS = 6, 30
SUBJECTS = ("培训", "网站", "档案", "热线", "招标", "讲座")


def words_of(topic, n=20):
    return [f"{SUBJECTS[topic]}{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉'[rank]}" for rank in range(n)]


def make_tables(n_words=20, n_topics=N_TOPICS):
    rng = random.Random(3)
    words = [
        {"topic": topic, "rank": rank, "word": word, "probability": 0.1 / rank}
        for topic in range(n_topics)
        for rank, word in enumerate(words_of(topic, n_words), 1)
    ]
    shares, units = [], []
    for number in range(N_REPORTS):
        raw = [rng.random() ** 3 + (topic == number % n_topics) for topic in range(n_topics)]
        shares += [
            {"doc_id": f"r{number:02}", "topic": topic, "share": round(value / sum(raw), 6)}
            for topic, value in enumerate(raw)
        ]
        units += [
            {
                "doc_id": f"r{number:02}",
                "unit_id": f"r{number:02}.{part}",
                "section": "overview" if part < 2 else "preamble",
                "ordinal": part,
                "text": f"第{number}份报告\n第{part}段 <b>&",
                "start": part * 20,
                "end": part * 20 + 12,
            }
            for part in range(3)
        ]
    names = {"topic_words": words, "topic_shares": shares, "units": units}
    return {name: table_of(name, rows) for name, rows in names.items()}


TABLES = make_tables()
CONFIG = IntrusionConfig()
KEY = make_tasks(TABLES, config=CONFIG)


def shares_of(doc):
    return {row["topic"]: row["share"] for row in TABLES["topic_shares"].to_pylist() if row["doc_id"] == doc}


def test_every_test_has_its_tasks_in_order_and_the_sheet_tells_no_topic():
    assert [task.test for task in KEY.tasks] == ["words"] * 6 + ["sets"] * 30 + ["documents"] * 16
    assert [task.name for task in KEY.tasks[:2]] == ["T001", "T002"]
    assert KEY.left_out == ()
    assert [task.topic for task in KEY.tasks[:6]] != sorted(task.topic for task in KEY.tasks[:6])
    rows = sheet_rows(KEY)
    assert all(tuple(row) == COLUMNS for row in rows)
    assert {row["answer"] for row in rows} == {""}
    assert {row["sheet"] for row in rows} == {KEY.id}


def test_word_tasks_are_five_first_words_and_one_that_the_topic_does_not_list():
    for task in KEY.tasks[:6]:
        intruder = task.options[LETTERS.index(task.answer)]
        assert len(set(task.options)) == 6
        assert set(task.options) - {intruder} == set(words_of(task.topic)[:5])
        assert intruder in words_of(task.intruder)[:5]
        assert task.intruder != task.topic


def test_set_tasks_are_three_sets_of_the_topic_and_one_of_another():
    tasks = [task for task in KEY.tasks if task.test == "sets"]
    for task in tasks:
        sets = [option.split("、") for option in task.options]
        assert [len(one) for one in sets] == [4] * 4
        assert len({word for one in sets for word in one}) == 16
        for letter, one in zip(LETTERS, sets, strict=False):
            assert set(one) <= set(words_of(task.intruder if letter == task.answer else task.topic))
    assert {task.answer for task in tasks} == set("ABCD")
    assert len({task.options for task in tasks}) == 30
    first = [word for task in tasks for word in words_of(task.topic)[:4] if any(word in one for one in task.options)]
    assert len(first) > 0.75 * 4 * len(tasks)  # likelier words are drawn more often: 12 of 20 at random would be 0.6


def test_document_tasks_show_three_largest_topics_and_one_other():
    tasks = [task for task in KEY.tasks if task.test == "documents"]
    assert sorted(task.topic for task in tasks) == sorted([*range(6), *range(6), *range(4)])  # spread over topics
    for task in tasks:
        number = int(re.search(r"\d+", task.text)[0])
        assert task.text == f"第{number}份报告 第0段 <b>&\n第{number}份报告 第1段 <b>&"  # not the preamble
        shares = shares_of(f"r{number:02}")
        ranked = sorted(shares, key=lambda topic: (-shares[topic], topic))
        shown = {"、".join(words_of(topic)[:8]): topic for topic in shares}
        topics = [shown[option] for option in task.options]
        assert set(topics) == {*ranked[:3], task.intruder}
        assert task.intruder in ranked[3:]
        assert task.shares == tuple(shares[topic] for topic in topics)
        assert topics[LETTERS.index(task.answer)] == task.intruder


def test_tasks_do_not_depend_on_row_order_but_on_seed_and_content():
    mixed = {name: table.take(list(range(len(table)))[::-1]) for name, table in TABLES.items()}
    assert make_tasks(mixed, config=CONFIG) == KEY
    other = make_tasks(TABLES, config=IntrusionConfig(seed=1))
    assert other.id != KEY.id
    assert {task.answer for task in KEY.tasks} >= set("ABCD")
    fewer = make_tasks(TABLES, config=IntrusionConfig(words=0, documents=0))
    assert {task.options for task in fewer.tasks} == {task.options for task in KEY.tasks if task.test == "sets"}


@pytest.mark.parametrize(
    ("tables", "options", "message"),
    [
        (make_tables(n_words=10), {}, "sets need 12 listed words of each topic, found 10; fit with n_words = 20"),
        (make_tables(n_words=4), {"sets": 0}, "words need 5"),
        (make_tables(n_topics=1), {}, "topic_words has 1 topics"),
        (make_tables(n_topics=3), {}, "documents need more than 3 topics, found 3; set documents = 0"),
        ({"topic_words": TABLES["topic_words"]}, {}, "needs the table 'units'"),
        ({}, {}, "needs the table 'topic_words'; given are: none"),
        ({**TABLES, "topic_shares": make_tables(n_topics=4)["topic_shares"]}, {}, "of different topics"),
    ],
)
def test_bad_tables_say_what_to_change(tables, options, message):
    with pytest.raises(UsageError, match=message):
        make_tasks(tables, config=IntrusionConfig(**options))


@pytest.mark.parametrize("options", [{"words": -1}, {"words": 0, "sets": 0, "documents": 0}, {"max_chars": 0}])
def test_a_config_refuses_what_cannot_be(options):
    with pytest.raises(UsageError):
        IntrusionConfig(**options)


def test_what_cannot_be_made_is_said():
    short = make_tasks(TABLES, config=IntrusionConfig(max_chars=3, documents=2))
    assert any("0 instead of 2" in line for line in short.left_out)
    many = make_tasks(TABLES, config=IntrusionConfig(documents=99))
    assert any("30 instead of 99" in line for line in many.left_out)
    with pytest.raises(NotEnoughTextError, match="no task could be made"):
        make_tasks(TABLES, config=IntrusionConfig(words=0, sets=0, documents=2, max_chars=3))


def test_topics_of_the_same_words_leave_no_intruder():
    rows = [
        {"topic": topic, "rank": rank, "word": word, "probability": 0.1}
        for topic in range(2)
        for rank, word in enumerate(words_of(0, 12), 1)
    ]
    with pytest.raises(NotEnoughTextError, match=r"words of topic 0: it lists .*sets of topic 1"):
        make_tasks({"topic_words": table_of("topic_words", rows)}, config=IntrusionConfig(documents=0, sets=1))


def test_the_key_comes_back_and_a_changed_one_is_refused():
    data = encode_key(KEY)
    assert decode_key(data, "key.json") == KEY
    with pytest.raises(UsageError, match="has been changed"):
        decode_key(data.replace(b'\\"answer\\": \\"A\\"', b'\\"answer\\": \\"B\\"', 1), "key.json")
    for bad in (b"{}", b"[1]", b"x", "ä".encode("latin-1"), json.dumps({"key": 1, "sha256": ""}).encode()):
        with pytest.raises(UsageError, match="is no key"):
            decode_key(bad, "key.json")


def as_lines(rows, columns=COLUMNS):
    lines = [dict(enumerate(columns)), *({place: row[name] for place, name in enumerate(columns)} for row in rows)]
    return list(enumerate(lines, 1))


def answered(change=lambda number, row, task: None):
    """A sheet with every right answer, then changed."""
    rows = [{**row, "answer": task.answer} for row, task in zip(sheet_rows(KEY), KEY.tasks, strict=True)]
    for number, (row, task) in enumerate(zip(rows, KEY.tasks, strict=True)):
        change(number, row, task)
    return rows


def test_right_answers_are_read_whatever_their_form():
    forms = [
        str,
        str.lower,
        lambda letter: f" {letter}. ",
        lambda letter: chr(ord(letter) + 0xFEE0),
        lambda x: f"({x})",
    ]

    def change(number, row, task):
        row["answer"] = task.options[LETTERS.index(task.answer)] if number % 6 == 5 else forms[number % 6](task.answer)
        row["text"] = row["text"].replace("\n", "\r\n")

    answers, problems = read_answers(as_lines(answered(change)), coder="甲", key=KEY)
    assert problems == []
    assert [(one.coder, one.task, one.letter) for one in answers] == [
        ("甲", task.name, task.answer) for task in KEY.tasks
    ]


def test_every_bad_row_is_named_and_the_others_count():
    def change(number, row, task):
        if number == 0:
            row["answer"] = ""
        elif number == 1:
            row["answer"] = "G"
        elif number == 10:
            row["answer"] = "E"  # a set task has four options
        elif number == 2:
            row["A"] += "们"
        elif number == 3:
            row["sheet"] = "0badcafe"
        elif number == 4:
            row["task"] = "T999"
        elif number == 5:
            row["task"] = "T007"

    answers, problems = read_answers(as_lines(answered(change)), coder="乙", key=KEY)
    assert [(one.line, one.task, one.code) for one in problems] == [
        (2, "T001", "empty"),
        (3, "T002", "no_option"),
        (4, "T003", "edited_text"),
        (5, "T004", "other_sheet"),
        (6, "T999", "unknown_task"),
        (7, "T007", "duplicated_row"),
        (8, "T007", "duplicated_row"),
        (12, "T011", "no_option"),
        (None, "T005", "vanished_row"),
        (None, "T006", "vanished_row"),
    ]
    assert problems[7].expected == "one of A, B, C, D"
    assert len(answers) == len(KEY.tasks) - 8
    listed = list(csv.DictReader(io.StringIO(encode_problems(problems).decode("utf-8-sig"))))
    assert [row["code"] for row in listed] == [one.code for one in problems]
    assert encode_problems([]).decode("utf-8-sig").strip() == "coder,line,task,code,found,expected"


@pytest.mark.parametrize("columns", [("task", "answer"), ("sheet", "task", "answer", "answer")])
def test_a_sheet_without_its_columns_is_refused(columns):
    with pytest.raises(UsageError, match="needs one column"):
        read_answers(as_lines(answered(), columns), coder="丙", key=KEY)
    with pytest.raises(UsageError, match="has no line"):
        read_answers([(1, {0: " "})], coder="丙", key=KEY)


def test_scores_of_a_perfect_and_of_a_guessing_coder():
    rng = random.Random(1)
    perfect = [Answer("甲", task.name, task.answer) for task in KEY.tasks]
    guessed = [Answer("乙", task.name, rng.choice(LETTERS[: len(task.options)])) for task in KEY.tasks]
    rows = {
        (row["test"], row["topic"], row["coder"]): row
        for row in score_answers([*guessed, *perfect], key=KEY).to_pylist()
    }
    best, worst, both = (rows["sets", None, coder] for coder in ("甲", "乙", None))
    assert (best["precision"], best["n_tasks"], best["n_answers"], best["high"], best["chance"]) == (1, 30, 30, 1, 0.25)
    assert best["p"] == 0
    assert worst["p"] > 0.05
    assert worst["low"] < 0.25 < worst["high"]
    assert both["n_answers"] == 60
    assert both["n_tasks"] == 30
    assert both["precision"] == pytest.approx((1 + worst["precision"]) / 2)
    assert both["high"] - both["low"] == pytest.approx(0.33, abs=0.03)  # of 30 trials; 60 would give 0.24
    assert rows["words", None, None]["chance"] == pytest.approx(1 / 6, abs=1e-6)
    assert (rows["words", 3, None]["n_tasks"], rows["words", 3, None]["n_answers"]) == (1, 2)
    assert rows["documents", None, "甲"]["log_odds"] == 0
    assert rows["documents", None, "乙"]["log_odds"] < 0
    assert best["log_odds"] is None


def test_the_log_odds_are_those_of_the_intruder_against_the_chosen():
    task = next(task for task in KEY.tasks if task.test == "documents")
    task = replace(task, answer="B", shares=(0.5, 0.1, 0.0, 0.4))
    key = replace(KEY, tasks=(task,))
    assert score_answers([Answer("甲", task.name, "A")], key=key).to_pylist()[0]["log_odds"] == pytest.approx(-1.609438)
    assert score_answers([Answer("甲", task.name, "C")], key=key).to_pylist()[0]["log_odds"] == pytest.approx(11.512925)


def test_no_answer_and_two_answers_of_one_coder_are_refused():
    with pytest.raises(NotEnoughTextError, match="no usable answer"):
        score_answers([], key=KEY)
    with pytest.raises(UsageError, match="T001 twice"):
        score_answers([Answer("甲", "T001", "A")] * 2, key=KEY)


def test_the_page_holds_every_option_and_nothing_of_the_key():
    page = render_page(KEY).decode()
    for task in KEY.tasks:
        assert all(f"<b>{letter}</b> {option}<" in page for letter, option in zip(LETTERS, task.options, strict=False))
    assert "第0段 &lt;b&gt;&amp;" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src 'none'" in page
    assert page.count("<fieldset") == len(KEY.tasks)
    blind = replace(KEY, tasks=tuple(replace(task, answer="A", topic=0, intruder=0, shares=()) for task in KEY.tasks))
    assert render_page(blind) == render_page(KEY)
    assert sheet_rows(blind) == sheet_rows(KEY)


@pytest.fixture
def app():
    made = typer.Typer()
    made.command("intrusion-score")(topics_effects.intrusion_score)
    made.command("other")(topics_effects.intrusion)
    return made


def test_sheets_come_back_from_both_formats(tmp_path, app):
    rows = answered(lambda number, row, task: row.update(answer="" if number == 9 else row["answer"]))
    workbook = topics_effects._encode_workbook(COLUMNS, rows)
    assert len(decode_workbook(workbook, "x").rows) == len(rows) + 1
    (tmp_path / "li.xlsx").write_bytes(workbook)
    (tmp_path / "wang.csv").write_bytes(topics_effects._encode_csv(COLUMNS, answered()))
    (tmp_path / "key.json").write_bytes(encode_key(KEY))
    paths = [str(tmp_path / name) for name in ("key.json", "li.xlsx", "wang.csv")]
    result = CliRunner().invoke(app, ["intrusion-score", *paths, "--json", "--to", str(tmp_path / "scores")])
    assert result.exit_code == 1
    assert "li, line 11, T010: empty" in result.stderr
    scores = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["n_correct"] for row in scores if row["coder"] == "li"] == [16, 29, 6]
    assert (tmp_path / "scores" / "problems.csv").is_file()
    assert len(decode_csv((tmp_path / "scores" / "intrusion_scores.csv").read_bytes(), "x").rows) == len(scores) + 1


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(score)
    assert result.attempted
    assert not result.failed
