"""Which bytes are which text: the rule, its edges, and what is noted when something was lost."""

import codecs
import sys

import pytest

from gknlp.readers.encoding import common_share, decode_text, find_utf16, is_plausible, traditional_share
from gknlp.readers.unreadable import Unreadable

SIMPLIFIED = "本镇政府信息公开工作稳步推进，主动公开各类信息三百余条；依申请公开办理十二件，均按期答复。"
TRADITIONAL = "本鎮政府資訊公開工作穩步推進，主動公開各類資訊三百餘條；依申請公開辦理十二件，均按期答覆。"
IMPLAUSIBLE = "encoding: not UTF-8, and neither as GB18030 nor as Big5 plausible Chinese"
JAPANESE = "当町の情報公開制度は、町民の知る権利を尊重し、町政の透明性を高めることを目的としています。"


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (SIMPLIFIED.encode(), "utf-8", SIMPLIFIED),
        (codecs.BOM_UTF8 + SIMPLIFIED.encode(), "utf-8", SIMPLIFIED),
        (SIMPLIFIED.encode("gbk"), "gb18030", SIMPLIFIED),
        (SIMPLIFIED.encode("gb18030"), "gb18030", SIMPLIFIED),
        (b"\x84\x31\x95\x33" + SIMPLIFIED.encode("gb18030"), "gb18030", SIMPLIFIED),
        (codecs.BOM_UTF16_LE + SIMPLIFIED.encode("utf-16-le"), "utf-16-le", SIMPLIFIED),
        (codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be"), "utf-16-be", SIMPLIFIED),
        (codecs.BOM_UTF32_LE + SIMPLIFIED.encode("utf-32-le"), "utf-32-le", SIMPLIFIED),
        (TRADITIONAL.encode(), "utf-8", TRADITIONAL),
        (b"plain ASCII\r\nline two", "utf-8", "plain ASCII\r\nline two"),
        ("一、总体情况\r\n\u3000\u3000略\r".encode(), "utf-8", "一、总体情况\r\n\u3000\u3000略\r"),
        ("┌──┬──┐①某镇②某街道".encode("gbk"), "gb18030", "┌──┬──┐①某镇②某街道"),
        ("2021 镇".encode("gbk"), "gb18030", "2021 镇"),
        (TRADITIONAL.encode("big5"), "big5hkscs", TRADITIONAL),
        ((TRADITIONAL + "羣衆啓用，堃、喆").encode("big5hkscs"), "big5hkscs", TRADITIONAL + "羣衆啓用，堃、喆"),
        (TRADITIONAL.encode("gb18030"), "gb18030", TRADITIONAL),
        (("一、" + SIMPLIFIED + "\n2021").encode("utf-16-le"), "utf-16-le", "一、" + SIMPLIFIED + "\n2021"),
        (("一、" + TRADITIONAL + "\n2021").encode("utf-16-be"), "utf-16-be", "一、" + TRADITIONAL + "\n2021"),
        ("plain words\n".encode("utf-16-le"), "utf-16-le", "plain words\n"),
        (b"", "utf-8", ""),
    ],
)
def test_decoding(data, encoding, text):
    decoded = decode_text(data)
    assert (decoded.encoding, decoded.text, decoded.notes) == (encoding, text, ())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (JAPANESE.encode("shift_jis"), IMPLAUSIBLE),
        (JAPANESE.encode("euc_jp"), IMPLAUSIBLE),
        ("Отчет о работе за год".encode("cp1251"), "encoding: neither UTF-8 nor GB18030 nor Big5"),
        (SIMPLIFIED.encode() + b"\xff\xff" + SIMPLIFIED.encode(), "encoding: neither UTF-8 nor GB18030 nor Big5"),
        (codecs.BOM_UTF8 + SIMPLIFIED.encode("gbk"), "encoding: byte order mark of UTF-8, but not UTF-8"),
    ],
)
def test_what_is_not_guessed_at(data, reason):
    with pytest.raises(Unreadable) as caught:
        decode_text(data)
    assert (caught.value.reason, caught.value.stage) == (reason, "decode")


@pytest.mark.parametrize(
    ("codec", "mark", "dropped"),
    [
        ("utf-8", b"", 1),
        ("utf-8", b"", 2),
        ("gb18030", b"", 1),
        ("utf-16-le", codecs.BOM_UTF16_LE, 1),
        ("big5hkscs", b"", 1),
    ],
)
def test_a_final_character_that_was_cut_off_is_dropped_and_noted(codec, mark, dropped):
    text = (TRADITIONAL[:-1] + "復") if codec.startswith("big5") else SIMPLIFIED[:-1] + "复"
    data = mark + text.encode(codec)[:-dropped]
    decoded = decode_text(data)
    assert (decoded.text, decoded.encoding) == (text[:-1], codec)
    [note] = decoded.notes
    end = len(text) - 1
    assert (note.code, note.severity, note.span.start, note.span.end) == ("truncated_character", "warning", end, end)
    assert note.found == text[-1].encode(codec)[:-dropped].hex(" ")


def test_bytes_cut_off_in_the_middle_are_no_truncated_end():
    data = SIMPLIFIED.encode()[:-1] + "办".encode()
    with pytest.raises(Unreadable):
        decode_text(data)


def test_lone_surrogates_become_replacement_characters_without_moving_offsets():
    decoded = decode_text("信息".encode() + b"\xed\xa0\xbd" + "公开".encode())
    assert decoded.text == "信息\ufffd公开"
    assert [(n.code, n.found) for n in decoded.notes] == [("lone_surrogates", "1"), ("replacement_characters", "1")]
    assert (decoded.notes[1].span.start, decoded.notes[1].span.end) == (2, 3)


def test_replacement_characters_that_were_there_are_counted():
    decoded = decode_text("主动\ufffd公\ufffd开".encode())
    assert [(n.code, n.found, n.span.start) for n in decoded.notes] == [("replacement_characters", "2", 2)]


@pytest.mark.parametrize(
    ("text", "share"),
    [("", 0.0), ("abc", 0.0), (SIMPLIFIED, 1.0), ("公开龘龘", 0.5), ("Ω公", 0.5)],
)
def test_share_of_common_characters(text, share):
    assert common_share(text) == share


@pytest.mark.parametrize(
    ("text", "codec", "low", "high"),
    [(TRADITIONAL, "gbk", 0.6, 0.75), (TRADITIONAL, "big5", 0.1, 0.4), (JAPANESE, "euc_jp", 0.4, 0.7)],
)
def test_the_threshold_lies_between_chinese_and_what_is_misread(text, codec, low, high):
    assert low < common_share(text.encode(codec).decode("gb18030", "replace")) < high


@pytest.mark.parametrize(
    ("text", "codec", "low", "high"),
    [
        (TRADITIONAL, "gbk", 0.9, 1.0),
        (SIMPLIFIED, "gbk", 0.6, 0.75),
        (TRADITIONAL, "big5", 0.3, 0.5),
        (JAPANESE, "euc_jp", 0.3, 0.5),
    ],
)
def test_the_traditional_threshold_lies_between_chinese_and_what_is_misread(text, codec, low, high):
    assert low <= traditional_share(text.encode(codec).decode("gb18030", "replace")) <= high


def test_big5_is_told_from_every_euc_by_its_second_bytes():
    assert is_plausible(TRADITIONAL, "big5hkscs")
    misread = JAPANESE.encode("euc_jp").decode("big5hkscs")
    assert traditional_share(misread) > 0.75
    assert not is_plausible(misread, "big5hkscs")


class _Chardet:
    def __init__(self, named):
        self.named, self.asked = named, 0

    def detect(self, data):
        self.asked += 1
        return {"encoding": self.named}


AMBIGUOUS = "".join(
    pair.decode("big5")
    for pair in (bytes((lead, trail)) for lead in range(0xB0, 0xC6) for trail in (0xA4, 0xB5, 0x6F, 0xD2))
    if pair.decode("gb18030", "replace") in "".join(map(chr, range(0x4E00, 0x9FA6)))
)
"""Common characters in Big5 whose bytes are common characters in GB18030, but for one in four."""


@pytest.mark.parametrize(
    ("named", "encoding"), [("Big5", "big5hkscs"), ("GB18030", "gb18030"), (None, "gb18030"), ("EUC-TW", "gb18030")]
)
def test_chardet_is_asked_only_where_both_are_plausible(monkeypatch, named, encoding):
    asked = _Chardet(named)
    monkeypatch.setitem(sys.modules, "chardet", asked)
    for text, codec in [(SIMPLIFIED, "gbk"), (TRADITIONAL, "gbk"), (TRADITIONAL, "big5"), (SIMPLIFIED, "utf-8")]:
        decode_text(text.encode(codec))
    assert asked.asked == 0
    assert decode_text(AMBIGUOUS.encode("big5")).encoding == encoding
    assert asked.asked == 1


def test_the_same_bytes_always_give_the_same_answer():
    assert len({decode_text(AMBIGUOUS.encode("big5")) for _ in range(5)}) == 1


@pytest.mark.parametrize(
    "data", [b"", b"abc", b"\0" * 64, bytes(range(256)) * 4, "某镇\n".encode("utf-16-le"), b"\x7fELF\x02\x01\0\0" * 20]
)
def test_bytes_with_nuls_that_are_no_utf16(data):
    assert find_utf16(data) is None
