"""Signs of the document: every rule failing, passing, not assessable, and the false alarms to avoid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gknlp.audit.view import ReportView
from gknlp.forms import load_forms
from tests.audit.printed_views import check, outcomes, quoted, view_report, view_text
from tests.parse.documents import print_report

TITLE = "云泽县柳湾镇2021年政府信息公开工作年度报告"
PERIOD = "依照《中华人民共和国政府信息公开条例》写成本报告，"
COUNTY = {"title": "云泽县财政局2021年政府信息公开工作年度报告", "signature": "云泽县财政局\n2022年1月20日"}


def outcome(rule, view, instance):
    return outcomes(rule, view)[instance][0]


def test_r801_all_places_agree():
    found = outcomes("R801", view_report(hints={"published": "2022-01-25"}))
    assert {key: value[0] for key, value in found.items()} == {
        "title": "pass",
        "data_period": "pass",
        "opening": "pass",
        "signature": "pass",
        "published": "pass",
        "modal": "pass",
        "counts": "pass",
    }


@pytest.mark.parametrize(
    ("part", "text", "instance", "found"),
    [
        ("title", "云泽县柳湾镇2020年政府信息公开工作年度报告", "title", 2020),
        ("title", "云泽县柳湾镇二〇二〇年政府信息公开工作年度报告", "title", 2020),
        ("preamble", PERIOD + "统计期限自2020年1月1日起至2020年12月31日止。", "data_period", 2020),
        ("overview", "2020年，柳湾镇照常办公。", "opening", 2020),
        ("overview", "过去的2020年，柳湾镇照常办公。", "opening", 2020),
        ("signature", "云泽县柳湾镇人民政府\n2020年1月20日", "signature", 2019),
        ("overview", "一年来照常办公。其间，2020年发布消息25次。", "counts", 2020),
        (
            "overview",
            "一年来照常办公，网站、公众号和公示栏照常更新，来人来电照常接待，镇里的讲座也照常举办，广播按时播送各类消息，没有一处停下来过。2020年春办讲座。2020年夏改栏目。2020年秋换公示栏。2020年冬清文件。",
            "modal",
            2020,
        ),
    ],
)
def test_r801_one_place_names_another_year(part, text, instance, found):
    view = view_report(**{part: text})
    failed = {key: value for key, value in outcomes("R801", view).items() if value[0] == "fail"}
    assert failed == {instance: ("fail", 2021, found)}


@pytest.mark.parametrize(
    "overview",
    [
        "2019年以来，柳湾镇坚持公开。2021年发布消息25次。",
        "2021年发布消息25次，2020年发布消息20次，增长四分之一。",
        "2021年柳湾镇照常办公。针对2020年提出的3条意见，逐条整改。",
        "2021年照常办公。按照《2020年公开要点》，发布消息20次。",
        "在2020年工作基础上，柳湾镇照常办公。2021年发布消息25次。",
        "2019年修订的条例施行后，柳湾镇照常办公。",
        "2021年照常办公。2020年建成的公示栏共5期，继续使用。",
    ],
)
def test_r801_years_of_comparison_are_no_slip(overview):
    assert "fail" not in {value[0] for value in outcomes("R801", view_report(overview=overview)).values()}


def test_r801_late_posting_and_a_server_default_tell_nothing_on_the_year():
    for published in ("2026-03-01", "1970-01-01", "", "soon"):
        assert outcome("R801", view_report(hints={"published": published}), "published") == "not_assessable"
    assert outcome("R801", view_report(hints={"published": "2021-06-01"}), "published") == "fail"


def test_r801_a_signature_of_december_stands_for_its_own_year():
    assert outcome("R801", view_report(signature="云泽县柳湾镇人民政府\n2021年12月31日"), "signature") == "pass"


def test_r801_a_single_place_has_nothing_to_be_compared_with():
    view = view_text(
        "云泽县柳湾镇2021年政府信息公开工作年度报告\n一、总体情况\n照常办公。\n二、主动公开政府信息情况\n无"
    )
    view = replace(view, form="revised_2021")
    assert {value[0] for value in outcomes("R801", view).values()} == {"not_assessable"}


def test_r801_spans_show_the_year():
    view = view_report(overview="2020年，柳湾镇照常办公。")
    (finding,) = [f for f in check("R801", view) if f.outcome == "fail"]
    assert quoted(view, finding) == ["2020"]


PLANS = [
    ("栏目偏少。2021年，我镇将增设栏目。", "fail", 2021),
    ("栏目偏少。2022年，我镇将增设栏目。", "pass", 2022),
    ("栏目偏少。展望2021年，我镇将增设栏目。", "fail", 2021),
    ("栏目偏少。为补齐短板，2021年计划增设栏目。", "fail", 2021),
    ("栏目偏少。2023年，我镇力争换完公示栏。", "pass", 2023),
    ("栏目偏少。2022年要进一步增设栏目。", "pass", 2022),
    ("2021年，虽然发布有所加快，但栏目偏少。下一步将增设栏目。", None, None),
    ("针对2020年存在的问题，我镇将继续整改。栏目偏少。", None, None),
    ("2020年存在的问题将逐一销号。栏目偏少。", None, None),
    ("2021年，柳湾镇继续加大公开力度，但栏目偏少。", None, None),
    ("栏目偏少。将按照《2021年公开要点》增设栏目。", None, None),
]


@pytest.mark.parametrize(("problems", "expected", "found"), PLANS)
def test_r802_plans(problems, expected, found):
    got = outcomes("R802", view_report(problems=problems))
    if expected is None:
        assert got == {"no_plan": ("not_assessable", None, None)}
    else:
        assert got == {"plan_1": (expected, 2022, found)}


def test_r802_the_same_plan_passes_in_the_report_of_the_year_before():
    view = view_report(
        "trial_2019",
        title="云泽县柳湾镇2020年政府信息公开工作年度报告",
        preamble=PERIOD,
        overview="2020年照常办公。",
        problems="栏目偏少。2021年，我镇将增设栏目。",
    )
    assert view.year == 2020
    assert outcomes("R802", view) == {"plan_1": ("pass", 2021, 2021)}


@pytest.mark.parametrize(
    ("preamble", "expected", "found"),
    [
        ("统计期限自2021年1月1日起至2021年12月31日止。", "pass", "01-01/12-31"),
        ("所列数据的统计期限为2021 年1月1日至12月31日。", "pass", "01-01/12-31"),
        ("统计期限：２０２１年１月１日—12月31日。", "pass", "01-01/12-31"),
        ("统计期限自2021年1月1日起至2021年12月28日止。", "fail", "01-01/12-28"),
        ("统计期限自2020年1月1日起至2021年12月31日止。", "fail", "2020-01-01/2021-12-31"),
        ("数据统计截至2021年12月20日。", "fail", "01-01/12-20"),
        ("数据统计截至2021年12月31日。", "pass", "01-01/12-31"),
        ("本报告按格式写成。", "not_assessable", None),
        ("统计期限为20211月1日至202112月31日。", "not_assessable", None),
    ],
)
def test_r803_data_period(preamble, expected, found):
    assert outcomes("R803", view_report(preamble=preamble)) == {"data_period": (expected, "01-01/12-31", found)}


def test_r803_dates_of_an_event_are_no_data_period():
    view = view_report(preamble="本报告按格式写成。", overview="2021年5月1日至5月7日，柳湾镇办了政策周。")
    assert outcome("R803", view, "data_period") == "not_assessable"


def test_r804_form_and_year():
    assert outcomes("R804", view_report()) == {"form": ("pass", "revised_2021", "revised_2021")}
    late = view_report("trial_2019", title=TITLE, preamble=PERIOD, overview="2021年照常办公。")
    assert outcomes("R804", late) == {"form": ("fail", "revised_2021", "trial_2019")}
    assert "本年新制作数量" in quoted(late, check("R804", late)[0])
    assert outcome("R804", replace(late, form_status="damaged"), "form") == "not_assessable"
    assert outcome("R804", replace(late, year=None), "form") == "not_assessable"
    assert outcomes("R804", replace(late, year=2016, form="legacy_2008"))["form"][0] == "pass"
    assert outcomes("R804", replace(late, year=2020, form="legacy_2008"))["form"][0] == "fail"


@pytest.mark.parametrize(
    ("preamble", "expected"),
    [
        ("按国办公开办函〔2021〕30号写成。", "pass"),
        ("按国办公开办函[2021]30 号写成。", "pass"),
        ("按国办公开办函〔2019〕60号写成。", "fail"),
        ("按国办公开办函〔2019〕30号写成。", "fail"),
        ("按国办公开办函〔2019〕60号和国办公开办函〔2021〕30号写成。", "pass"),
        ("按《关于政府信息公开工作年度报告有关事项的通知》写成。", "fail"),
        ("按《关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》写成。", "pass"),
        ("按国办发〔2019〕14号写成。", "not_assessable"),
    ],
)
def test_r805_notice(preamble, expected):
    assert outcome("R805", view_report(preamble=preamble), "notice") == expected


def test_r806_sections():
    view = view_report()
    assert outcomes("R806", view) == {
        kind.key: ("pass", kind.number, kind.number) for kind in load_forms()["revised_2021"].sections
    }
    text = print_report("revised_2021", "a")
    digits = view_text(text.replace("一、总体情况", "1、总体情况"))
    assert outcomes("R806", digits)["overview"] == ("fail", "一", "1")
    assert outcome("R806", digits, "proactive_table") == "pass"
    lacking = view_text(text.replace("六、其他需要报告的事项\n", ""))
    assert outcomes("R806", lacking)["other_matters"] == ("fail", "六、其他需要报告的事项", None)
    bare = view_text(text.replace("五、存在的主要问题及改进情况", "存在的主要问题及改进情况"))
    assert outcomes("R806", bare)["problems_improvements"] == ("fail", "五", None)
    assert {f.outcome for f in check("R806", ReportView(doc_id="d", form="revised_2021"))} == {"not_assessable"}


HEADS = "（一）主动公开\n挂出消息三十七条。\n（二）依申请公开\n无人提出。\n（三）政府信息管理\n文件按月清点。\n（四）平台建设\n改版网站。\n（五）监督保障\n办讲座两期。"


def test_r807_heads():
    assert {value[0] for value in outcomes("R807", view_report(overview="2021年照常办公。\n" + HEADS)).values()} == {
        "pass"
    }
    lacking = outcomes("R807", view_report(overview="2021年，柳湾镇在网站发布消息三十七条。"))
    assert {key for key, value in lacking.items() if value[0] == "fail"} == {
        "on_request",
        "information_management",
        "supervision",
    }
    assert len(outcomes("R807", view_report(overview=""))) == 5
    assert {v[0] for v in outcomes("R807", ReportView(doc_id="d", form="revised_2021")).values()} == {"not_assessable"}
    assert outcomes("R807", view_report("trial_2019")) == {}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("本年度没有收取信息处理费。", "pass"),
        ("未发生收费。", "pass"),
        ("无。", "fail"),
        ("", "fail"),
    ],
)
def test_r808_fee(other, expected):
    assert outcome("R808", view_report(other=other), "fee") == expected


def test_r808_without_section_six():
    assert outcome("R808", ReportView(doc_id="d", form="revised_2021"), "fee") == "not_assessable"


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        ("栏目上新偏慢。下一步将按周核对栏目。", "pass"),
        ("（一）存在的问题\n1.栏目上新偏慢。\n（二）改进措施\n1.按周核对栏目。", "pass"),
        ("无。", "fail"),
        ("", "fail"),
        ("暂无", "fail"),
        ("本年度不存在明显问题。", "fail"),
        ("没有专人负责，栏目上新偏慢。", "pass"),
        ("无固定经费。", "pass"),
    ],
)
def test_r809_problems(problems, expected):
    assert outcome("R809", view_report(problems=problems), "problems") == expected


def test_r809_without_section_five():
    assert outcome("R809", ReportView(doc_id="d", form="revised_2021"), "problems") == "not_assessable"


@pytest.mark.parametrize(
    ("level", "kind", "year", "published", "expected"),
    [
        ("county", "department", 2021, "2022-01-31", "pass"),
        ("county", "department", 2021, "2022-02-01", "fail"),
        ("county", "government", 2021, "2022-03-31", "pass"),
        ("city", "government", 2021, "2022-04-02 09:00", "fail"),
        ("township", "government", 2021, "2022-06-01", "not_assessable"),
        ("county", "other", 2021, "2022-06-01", "not_assessable"),
        ("county", "department", 2021, None, "not_assessable"),
        ("county", "department", 2021, "2021-13-40", "not_assessable"),
        ("county", "department", 2021, "1970-01-01", "not_assessable"),
        ("county", "department", 2021, "2021-01-20", "not_assessable"),
        ("county", "department", None, "2022-01-20", "not_assessable"),
        ("township", "government", 2015, "2016-04-01", "fail"),
        ("township", "government", 2015, "2016-03-31", "pass"),
    ],
)
def test_r810_legal_date(level, kind, year, published, expected):
    view = ReportView(doc_id="d", form="revised_2021", level=level, kind=kind, year=year, published=published)
    assert outcome("R810", view, "published") == expected


REFERENCES = [
    # agency, narrative, foreign words
    ("云泽县柳湾镇人民政府", "我镇改版网站。全镇办讲座。", []),
    ("云泽县柳湾镇人民政府", "我镇改版网站。我局办讲座。", ["我局"]),
    ("云泽县柳湾镇人民政府", "我镇改版网站。我乡办讲座，我办负责。", ["我乡", "我办"]),
    ("云泽县柳湾镇人民政府", "我镇改版网站。全局办了讲座。", ["全局"]),
    ("云泽县柳湾镇人民政府", "我镇改版网站。我县统一部署，全市一盘棋，我省作了安排。", []),
    ("云泽县柳湾镇人民政府", "我镇改版网站。我区统一部署。", ["我区"]),
    ("北屏市河东区柳湾镇", "我镇改版网站。我区统一部署，我市督查。", []),
    ("北屏市河东区柳湾镇", "我镇改版网站。我县统一部署。", ["我县"]),
    ("北屏市柳湾镇", "我镇改版网站。我县统一部署。", []),
    ("云泽县柳湾镇人民政府", "我镇改版网站。一是霜汀镇把公开列入要事。", ["霜汀镇"]),
    ("云泽县柳湾镇人民政府", "我镇改版网站。一是柳湾镇把公开列入要事。", []),
    ("云泽县柳湾镇人民政府", "我镇改版网站。与霜汀镇结对学习，各镇对照整改。", []),
    ("云泽县柳湾镇人民政府", "我镇改版网站。二是我镇把公开列入要事。", []),
    ("云泽县柳湾镇人民政府", "我镇统筹全局，健全镇级制度，服务全局工作。", []),
    ("云泽县柳湾镇人民政府", "我镇张贴“我局窗口须知”的样本。", []),
    ("云泽县柳湾镇人民政府", "我镇推行自我区分办法，由我办理的事项上墙。", []),
    ("云泽县柳湾乡", "我乡改版网站。我镇办讲座。", ["我镇"]),
    ("云泽县蔚河街道办事处", "我街道改版网站。我街办讲座，我办负责。", []),
    ("云泽县蔚河街道办事处", "我街道改版网站。我镇办讲座。", ["我镇"]),
    ("云泽县财政局", "我局改版网站。我县统一部署，全县推广。", []),
    ("云泽县财政局", "我局改版网站。我委办讲座。我镇设点。", ["我委", "我镇"]),
    ("云泽县发展和改革委员会", "我委改版网站。全县推广。", []),
    ("云泽县发展和改革委员会", "我委改版网站。我局办讲座。", ["我局"]),
    ("云泽县委办公室（县档案局）", "我办改版网站。我局办讲座。", []),
    ("云泽县经济开发区管理委员会", "我委改版网站。我区办讲座。", []),
    ("国家税务总局云泽县税务局", "我局改版网站。全市推广。", []),
    ("云泽县人民政府", "我县改版网站。我办负责。全市推广。", []),
    ("云泽县人民政府", "我县改版网站。我局办讲座。我镇设点。", ["我局", "我镇"]),
    ("北屏市人民政府", "我市改版网站。我县统一部署。", ["我县"]),
    ("广西云泽县人民政府", "我县改版网站。我区统一部署。", []),
    ("云泽县城市管理局", "我局改版网站。我市统一部署。", []),
]


@pytest.mark.parametrize(("agency", "overview", "foreign"), REFERENCES)
def test_r811_self_reference(agency, overview, foreign):
    parts = {"title": f"{agency}2021年政府信息公开工作年度报告", "signature": f"{agency}\n2022年1月20日"}
    view = view_report(overview="2021年照常办公。" + overview, problems="栏目偏少。", **parts)
    found = check("R811", view)
    assert sorted(f.instance for f in found if f.outcome == "fail") == sorted(foreign)
    assert [f.outcome for f in found if f.instance == "own"] == ["pass"]
    assert all(quoted(view, f) == [f.instance] for f in found if f.outcome == "fail")


def test_r811_not_assessable_without_a_telling_name_or_any_reference():
    plain = view_report(overview="2021年照常办公。", problems="栏目偏少。")
    assert outcomes("R811", plain) == {"own": ("not_assessable", "镇", None)}
    unknown = replace(view_report(overview="2021年我局照常办公。", problems="栏目偏少。"), agency="云泽筹备处")
    assert outcome("R811", unknown, "own") == "not_assessable"


SIX = "总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项"


@pytest.mark.parametrize(
    ("preamble", "names", "number"),
    [
        (f"全文由{SIX}六个部分组成。", "pass", "not_assessable"),
        (f"全文分为六个部分，依次是{SIX}。", "pass", "pass"),
        ("全文分为八个部分。", "not_assessable", "fail"),
        (
            "全文包括概述、主动公开政府信息情况、依申请公开政府信息情况、收费及减免情况、附表，共5部分。",
            "fail",
            "fail",
        ),
        ("本报告按格式写成。", "not_assessable", "not_assessable"),
        ("", "not_assessable", "not_assessable"),
    ],
)
def test_r812_contents(preamble, names, number):
    view = view_report(preamble=preamble)
    assert {key: value[0] for key, value in outcomes("R812", view).items()} == {"names": names, "number": number}


CLEAN = {"bookmark": 0, "instruction": 0, "page_number": 0, "pipes": 0, "empty_heading": 0}


@pytest.mark.parametrize(
    ("part", "text", "instance"),
    [
        ("overview", "2021年照常办公。[bookmark: _GoBack]", "bookmark"),
        ("overview", "2021年照常办公。\n" + "|" * 40 + "\n网站改版。", "pipes"),
        ("overview", "2021年照常办公。\n- 2 -\n网站改版。", "page_number"),
        ("overview", "2021年照常办公。\n第3页\n网站改版。", "page_number"),
        ("overview", "2021年照常办公。\n（该部分以表格形式报告）", "instruction"),
        ("overview", "201x年，xx镇照常办公。", "instruction"),
        ("overview", "2021年照常办公。\n（一）\n网站改版。", "empty_heading"),
        ("overview", "2021年照常办公。\n（一）主动公开\n（二）平台建设\n网站改版。", "empty_heading"),
        ("other", "", "empty_heading"),
        ("signature", "云泽县柳湾镇人民政府\n2022年1月20日\n1", "page_number"),
    ],
)
def test_r813_debris(part, text, instance):
    found = {key: value[2] for key, value in outcomes("R813", view_report(**{part: text})).items()}
    assert found == CLEAN | {instance: found[instance]}
    assert found[instance] >= 1


@pytest.mark.parametrize(
    "overview",
    [
        "2021年照常办公。",
        "2021\n年\n1\n月\n照常办公，发布\n37\n条。",
        "2021年照常办公。\n1.网站改版\n2.讲座两期\n3.公示栏换新",
        "2021年照常办公。\n（一）网站改版\n（二）讲座两期",
        "指标 | 数 | |\n网站 | 1 |",
    ],
)
def test_r813_layouts_and_lists_are_no_debris(overview):
    assert {key: value[2] for key, value in outcomes("R813", view_report(overview=overview)).items()} == CLEAN


def test_r813_no_text():
    assert {f.outcome for f in check("R813", ReportView(doc_id="d", form="revised_2021"))} == {"not_assessable"}


def test_a_report_without_anything_never_fails():
    view = ReportView(doc_id="d", form="revised_2021")
    for rule in (f"R8{n:02}" for n in range(1, 14)):
        assert {f.outcome for f in check(rule, view)} == {"not_assessable"}, rule
