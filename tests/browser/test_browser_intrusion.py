"""The page of tasks in a browser: it loads nothing, complains of nothing, and saves what was chosen."""

from __future__ import annotations

import pytest

from gknlp.themes.coding.table import decode_csv
from gknlp.topics.intrusion import read_answers, render_page
from tests.topics.test_intrusion import KEY


@pytest.mark.browser
@pytest.mark.nightly
def test_answers_are_saved_as_a_file_that_is_scored(chromium, tmp_path):
    (tmp_path / "page.html").write_bytes(render_page(KEY))
    page = chromium.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "page.html").as_uri())
    for task in KEY.tasks[1:]:
        page.check(f'input[name="{task.name}"][value="{task.answer}"]')
    page.fill("#coder", "../李 1")
    page.fill('[data-task="T001"] input[name="note"]', '=1+1, "x"')
    with page.expect_download() as download:
        page.click("button")
    download.value.save_as(tmp_path / "answers.csv")
    assert download.value.suggested_filename == "_李_1.csv"
    assert page.text_content("#done") == f"{len(KEY.tasks) - 1} / {len(KEY.tasks)}"
    page.close()
    assert said == []
    assert all(url.startswith(("file:", "blob:", "data:")) for url in asked)
    rows = decode_csv((tmp_path / "answers.csv").read_bytes(), "x").rows
    assert rows[1].cells[3] == '=1+1, "x"'
    answers, problems = read_answers([(row.line, row.cells) for row in rows], coder="李", key=KEY)
    assert [(one.task, one.code) for one in problems] == [("T001", "empty")]
    assert [one.letter for one in answers] == [task.answer for task in KEY.tasks[1:]]
