"""Tasks as one page for a browser, which needs nothing else and sends nothing: answers are saved as a file."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files

from gknlp.topics.intrusion.sheet import QUESTIONS
from gknlp.topics.intrusion.tasks import LETTERS, Task, TaskSet


def render_page(tasks: TaskSet) -> bytes:
    """The page as UTF-8: one question a task, and a button that saves sheet, task, answer and note as .csv.

    It holds nothing of the key. Its policy lets it load and send nothing, and run its own script only.
    """
    style, script = (
        files("gknlp.topics.intrusion").joinpath(name).read_text("utf-8") for name in ("page.css", "page.js")
    )
    policy = f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'"
    body = "\n".join(_question(task) for task in tasks.tasks)
    html = f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>找出不属于的一项 · Find the one that does not belong</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<main>
<h1>找出不属于的一项 <span lang="en">Find the one that does not belong</span></h1>
<p>每题只有一项不属于。请独立作答；实在无法判断可以留空。 <span lang="en">One option of each question does not belong.
Work alone; leave a question open if you cannot tell.</span></p>
<form id="tasks" data-sheet="{escape(tasks.id)}" autocomplete="off">
<p><label>姓名或代号 <span lang="en">Name or code</span> <input id="coder" required></label></p>
{body}
<p class="end"><button type="submit">保存作答 <span lang="en">Save answers</span></button>
<output id="done" aria-live="polite"></output></p>
</form>
</main>
<script>{script}</script>
</body>
</html>
"""
    return html.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode("utf-8")


def _question(task: Task) -> str:
    chinese, english = QUESTIONS[task.test]
    text = f'<blockquote tabindex="0">{escape(task.text)}</blockquote>\n' if task.text else ""
    options = "\n".join(
        f'<label><input type="radio" name="{task.name}" value="{letter}"> <b>{letter}</b> {escape(option)}</label>'
        for letter, option in zip(LETTERS, task.options, strict=False)
    )
    return (
        f'<fieldset data-task="{task.name}"><legend>{task.name} {chinese} <span lang="en">{english}</span></legend>\n'
        f'{text}{options}\n<label class="note">备注 <span lang="en">Note</span> <input name="note"></label></fieldset>'
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
