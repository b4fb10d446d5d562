"""A made-up corpus of two themes whose answer is known; run as a program, it prints a hash of the fitted tables."""

import random

from gknlp.manifest import hash_text
from gknlp.tables import encode_csv, table_of
from gknlp.topics import TopicConfig, fit_topics

TRAINING = ("培训班", "考核评估", "队伍建设", "讲座", "业务能力", "学习", "测验", "授课")
WEBSITE = ("网站", "检索功能", "改版", "服务器", "页面", "短视频", "微信公众号", "错别字")
CONFIG = TopicConfig(n_topics=2, n_words=6, max_iter=30)
# More topics than there are themes, stopped early: every bit of the start, of its order and of its sums shows.
ROUGH = TopicConfig(n_topics=5, n_words=6, max_iter=4)
SECTIONS = ("overview", "problems_improvements", "other_matters")


def make_unit(doc_id, ordinal, words, rng):
    text = "，".join(f"{first}与{second}" for first, second in (rng.sample(words, 2) for _ in range(3))) + "。"
    start = 100 * ordinal
    place = {"doc_id": doc_id, "unit_id": f"{doc_id}-{ordinal}", "ordinal": ordinal, "section": SECTIONS[ordinal % 3]}
    return {**place, "heading": "", "text": text, "start": start, "end": start + len(text)}


def make_tables(n_reports=24):
    """Even reports speak of training only, odd ones of the website only; report 00 has a superseded version."""
    rng = random.Random(7)
    reports, units = [], []
    for number in range(n_reports):
        doc_id = f"r{number:02}"
        words = (TRAINING, WEBSITE)[number % 2]
        reports.append({"doc_id": doc_id, "agency": "青禾县白石镇人民政府", "year": 2020 + number % 3})
        units += [make_unit(doc_id, ordinal, words, rng) for ordinal in range(4)]
    reports.append({"doc_id": "old", "superseded_by": "r00"})
    units.append(make_unit("old", 0, TRAINING, rng))
    return {"reports": table_of("reports", reports), "units": table_of("units", units)}


def hash_tables(tables):
    return hash_text("".join(name + encode_csv(tables[name]).decode("utf-8-sig") for name in sorted(tables)))


if __name__ == "__main__":
    print(hash_tables(fit_topics(make_tables(), config=ROUGH)))
