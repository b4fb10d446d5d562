"""Topics and texts in, intrusion tests for people with their key out; answered sheets in, scores out. Reads no files."""

from gknlp.topics.intrusion.answers import Answer, RowProblem, encode_problems, read_answers
from gknlp.topics.intrusion.config import IntrusionConfig
from gknlp.topics.intrusion.page import render_page
from gknlp.topics.intrusion.score import score_answers
from gknlp.topics.intrusion.sheet import COLUMNS, OPEN, decode_key, encode_key, sheet_rows
from gknlp.topics.intrusion.tasks import Task, TaskSet, make_tasks

__all__ = [
    "COLUMNS",
    "OPEN",
    "Answer",
    "IntrusionConfig",
    "RowProblem",
    "Task",
    "TaskSet",
    "decode_key",
    "encode_key",
    "encode_problems",
    "make_tasks",
    "read_answers",
    "render_page",
    "score_answers",
    "sheet_rows",
]
