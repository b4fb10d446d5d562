"""The loop's last step: what coders said, adjudicated, trains a classifier that codes units nobody has seen."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from gknlp.tables import table_of
from gknlp.themes import UnitText, classify_corpus
from gknlp.themes.coding import (
    Codes,
    SampleConfig,
    adjudicate,
    build_frame,
    draw_sample,
    encode_sheet,
    gold_files,
    open_rows,
    read_sheet,
    sheet_rows,
)
from gknlp.themes.learned import LearnedClassifier, TrainConfig, load_examples, load_model, train_model, write_model
from gknlp.themes.learned.encode import EncoderConfig
from tests.themes.test_coding_corpus import BOOK, PLACES

THEMES = ("O05", "O08", "O18", "P01", "P05", "P11", "I01", "I05", "I07", "X01", "X02", "X05")
WORDING = {
    "O05": ("解读", "图解", "问答"),
    "O08": ("申请", "受理", "答复"),
    "O18": ("培训", "学习", "讲座"),
    "P01": ("滞后", "迟缓", "拖延"),
    "P05": ("人手", "兼职", "生疏"),
    "P11": ("需求", "知晓", "期待"),
    "I01": ("及时", "限时", "当日"),
    "I05": ("轮训", "练兵", "专人"),
    "I07": ("栏目", "改版", "载体"),
    "X01": ("收费", "减免", "处理费"),
    "X02": ("建议", "提案", "代表"),
    "X05": ("事故", "通报", "泄密"),
}
FILLER = (
    "山川河流湖海云雨风霜雪雷春夏秋冬东南西北金木水火土竹石花草树鸟鱼虫马牛羊米麦豆茶桥路门窗灯钟鼓笔墨纸砚琴棋书画"
)


def make_wordy_corpus(n_agencies: int = 12, n_units: int = 40):
    """Units whose theme shows in one of three words, among characters that no two units share: no near copies."""
    rng = random.Random(3)
    reports, units, truth = [], [], {}
    families = {family: [code for code in THEMES if BOOK.theme(code).family == family] for family in PLACES}
    for number in range(n_agencies):
        doc = f"d{number:02d}"
        reports.append({"doc_id": doc, "agency": f"虚湖县第{number}局", "year": 2020 + number % 3, "level": "county"})
        for ordinal in range(n_units):
            family = rng.choice(list(PLACES))
            code = rng.choice(families[family])
            filler = rng.choices(FILLER, k=14)
            filler.insert(rng.randrange(14), rng.choice(WORDING[code]))
            text = "".join(filler) + "。"
            truth[text] = code
            section, part = PLACES[family]
            units.append(
                {"doc_id": doc, "unit_id": f"{doc}-{ordinal}", "section": section, "part": part, "ordinal": ordinal, "heading": "", "text": text}
            )  # fmt: skip
    return {"reports": table_of("reports", reports), "units": table_of("units", units)}, truth


def simulate(rows, truth, *, error: float, seed: int):
    rng = random.Random(seed)
    coded = []
    for row in rows:
        family = BOOK.families_of(row.unit.section, row.unit.part)[0].code
        wrong = rng.choice([code for code in THEMES if BOOK.theme(code).family == family])
        coded.append(replace(row, codes=Codes((wrong if rng.random() < error else truth[row.unit.text],))))
    return coded


def send(rows, name: str):
    return read_sheet(encode_sheet(rows, suffix=".xlsx", codebook=BOOK)[".xlsx"], name, codebook=BOOK)


def learn(rows, truth, folder, *, error: float):
    """Two coders, an adjudicator, a gold folder on disk, a model trained from it alone: no examples, no cues."""
    sheets = [send(simulate(rows, truth, error=error, seed=n), f"coder{n}.xlsx") for n in (1, 2)]
    decided = send(simulate(open_rows(adjudicate(sheets)), truth, error=error, seed=3), "decided.xlsx")
    for name, data in gold_files(adjudicate(sheets, decisions=decided).decided, sheets=sheets).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    examples = load_examples(folder, codebook=BOOK)
    assert len(examples) == len(rows)
    config = TrainConfig(name="loop", example_weight=0, cue_weight=0, n_folds=3, encoder=EncoderConfig())
    return train_model(examples, codebook=BOOK, config=config).model


def share_right(model, units, truth) -> float:
    codings = LearnedClassifier(model, BOOK).classify(
        [UnitText(unit.section, unit.part, unit.heading, unit.text) for unit in units]
    )
    return sum(coding.primary == truth[unit.text] for coding, unit in zip(codings, units, strict=True)) / len(units)


@pytest.mark.nightly
def test_from_sample_to_retrained_model(tmp_path):
    tables, truth = make_wordy_corpus()
    frame = build_frame(tables["units"], tables["reports"], codebook=BOOK)
    labels = classify_corpus(tables, codebook=BOOK)["theme_labels"]
    rows = sheet_rows(draw_sample(frame, labels=labels, config=SampleConfig(n=240)))
    drawn = {row.unit.id for row in rows}
    unseen = [unit for unit in frame.units if unit.id not in drawn]
    assert len(unseen) == 240

    model = learn(rows, truth, tmp_path / "gold", error=0.1)
    write_model(model, tmp_path / "model")
    loaded = load_model(tmp_path / "model", codebook=BOOK)
    right = share_right(loaded, unseen, truth)
    guessed = share_right(learn(rows, truth, tmp_path / "noise", error=1.0), unseen, truth)
    assert right > 0.8
    assert guessed < 0.45  # three themes a family: a third by chance
