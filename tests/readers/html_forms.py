"""The official tables as HTML with their true spans, and a fictional page around a report."""

from __future__ import annotations

from collections.abc import Mapping

from gknlp.forms import Form, FormTable

Key = tuple[str, str, str]
GROUPS = {
    "denied": "（三）不予公开",
    "unavailable": "（四）无法提供",
    "not_processed": "（五）不予处理",
    "other": "（六）其他处理",
}


def td(text: str, *, rows: int = 1, columns: int = 1) -> str:
    spans = (f' rowspan="{rows}"' if rows > 1 else "") + (f" colspan='{columns}'" if columns > 1 else "")
    return f'<td{spans} style="border:1px solid"><p align="center"><span>{text or "&nbsp;"}</span></p></td>\n'


def tr(*cells: str) -> str:
    return f"<tr>{''.join(cells)}</tr>\n"


def table(rows: list[str]) -> str:
    return f'<table border="1" cellspacing="0"><tbody>\n{"".join(rows)}</tbody></table>\n'


def print_t2(t: FormTable, values: Mapping[Key, str]) -> str:
    rows = []
    width = 4
    for block in t.blocks:
        rest = width - 1
        rows.append(tr(td(block.label, columns=width)))
        spans = [rest - (len(block.columns) - 1)] + [1] * (len(block.columns) - 1)
        rows.append(tr(td("信息内容"), *(td(c.label, columns=n) for c, n in zip(block.columns, spans, strict=True))))
        for row in block.rows:
            cells = [values[t.key, row.key, column.key] for column in block.columns]
            rows.append(tr(td(row.label), *(td(v, columns=n) for v, n in zip(cells, spans, strict=True))))
    return table(rows)


def print_t3(t: FormTable, values: Mapping[Key, str]) -> str:
    [block] = t.blocks
    organisations = [column.label for column in block.columns[1:-1]]
    rows = [
        tr(td(t.note, rows=3, columns=3), td("申请人情况", columns=7)),
        tr(td("自然人", rows=2), td("法人或其他组织", columns=5), td("总计", rows=2)),
        tr(*map(td, organisations)),
    ]
    members = {group: [row for row in block.rows if row.parent == group] for group in GROUPS}
    outcomes = [row for row in block.rows if row.key not in ("new_requests", "carried_in", "carried_out")]
    for row in block.rows:
        numbers = [td(values[t.key, row.key, column.key]) for column in block.columns]
        lead = [td("三、本年度办理结果", rows=len(outcomes))] if row.key == "granted" else []
        if row not in outcomes:
            labels = [td(row.label, columns=3)]
        elif row.parent not in GROUPS:
            labels = [td(row.label, columns=2)]
        elif row == members[row.parent][0]:
            labels = [td(GROUPS[row.parent], rows=len(members[row.parent])), td(row.label)]
        else:
            labels = [td(row.label)]
        rows.append(tr(*lead, *labels, *numbers))
    return table(rows)


def print_t4(t: FormTable, values: Mapping[Key, str]) -> str:
    [block] = t.blocks
    results = [column.label for column in block.columns]
    numbers = [values[t.key, row.key, column.key] for _, row, column in t.slots()]
    return table(
        [
            tr(td("行政复议", columns=5), td("行政诉讼", columns=10)),
            tr(
                *(td(label, rows=2) for label in results),
                td("未经复议直接起诉", columns=5),
                td("复议后起诉", columns=5),
            ),
            tr(*(td(label) for label in results * 2)),
            tr(*map(td, numbers)),
        ]
    )


def print_tables(form: Form, values: Mapping[Key, str]) -> dict[str, str]:
    printers = {"t2": print_t2, "t3": print_t3, "t4": print_t4}
    return {t.key: printers[t.key](t, values) for t in form.tables}


NARRATIVE = {
    "title": "云泽县柳湾镇{year}年政府信息公开工作年度报告",
    "preamble": [
        "依照《中华人民共和国政府信息公开条例》写成本报告，所列数据统计期限自{year}年1月1日起至{year}年12月31日止。",
        "对本报告有疑问的，请到柳湾镇党政综合办公室查询。",
    ],
    "overview": [
        "（一）主动公开。{year}年，柳湾镇在门户网站挂出各类消息三十七条，镇里办了两期业务讲座。",
        "（二）依申请公开。收到的申请都在期限内作了答复，没有一件引起复议。",
    ],
    "problems": ["栏目上新偏慢，人手不足。", "下一步，柳湾镇将按周核对栏目，并增配一名专职人员。"],
    "other": ["本年度没有收取信息处理费。"],
}


def plain_report(form: Form, tables: Mapping[str, str]) -> str:
    """The report as plain text, one line a paragraph, around already printed tables."""
    year = form.first_year
    said = {
        key: value.format(year=year) if isinstance(value, str) else "\n".join(value).format(year=year)
        for key, value in NARRATIVE.items()
    }
    return "\n".join(
        [
            said["title"], said["preamble"], "一、总体情况", said["overview"],
            "二、主动公开政府信息情况", tables["t2"],
            "三、收到和处理政府信息公开申请情况", tables["t3"],
            "四、政府信息公开行政复议、行政诉讼情况", tables["t4"],
            "五、存在的主要问题及改进情况", said["problems"],
            "六、其他需要报告的事项", said["other"],
            "云泽县柳湾镇人民政府", f"{year + 1}年1月20日",
        ]
    )  # fmt: skip


def print_article(form: Form, values: Mapping[Key, str]) -> str:
    """The report's paragraphs and tables as an editor's HTML."""
    tables = print_tables(form, values)
    lines = plain_report(form, {key: f"@{key}" for key in tables}).split("\n")[1:]
    return "\n".join(tables[line[1:]] if line.startswith("@") else paragraph(line) for line in lines)


def paragraph(line: str) -> str:
    """A paragraph as word processors leave it: indented with blanks, words split by tags and source lines."""
    half = len(line) // 2
    return (
        '<p class="MsoNormal" style="text-indent:2em">&nbsp;&nbsp;\u3000\u3000<span lang="EN-US">'
        f"{line[:half]}</span><span>\n   {line[half:]}<o:p></o:p></span></p>"
    )


def print_page(form: Form, values: Mapping[Key, str], *, charset: str = "utf-8", article: str = "") -> str:
    """A page of a fictional county's site around the report."""
    title = NARRATIVE["title"].format(year=form.first_year)
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}" />
<title>{title}_云泽县人民政府</title>
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{form.first_year + 1}-01-21 09:30">
<meta name="ContentSource" content="柳湾镇">
<style>.x {{ color: red }} td > p {{ margin: 0 }}</style>
<script type="text/javascript">if (1 < 2) document.write("<p>一、脚本里的标题</p><table><tr><td>9</td></tr></table>");</script>
</head><body>
<div class="top"><ul><li><a href="/">首页</a></li><li><a href="/xw">新闻动态</a></li><li><a href="/gk">政务公开</a></li>
<li><a href="/fw">办事服务</a></li><li><a href="/hd">互动交流</a></li></ul><form action="/s"><input name="q"><button>搜索</button></form></div>
<div class="crumbs">您现在的位置： <a href="/">首页</a> &gt; <a href="/gk">政务公开</a> &gt; 年度报告</div>
<div class="main"><div class="left"><h3>栏目导航</h3><ul><li><a href="/1">公开指南</a></li><li><a href="/2">公开制度</a></li>
<li><a href="/3">公开年报</a></li></ul></div>
<div class="content">
<table class="xxgk"><tr><td><b>索&nbsp;引&nbsp;号：</b></td><td>YZ000-{form.first_year}-7</td><td><b>发布机构：</b></td><td>云泽县柳湾镇</td></tr>
<tr><td>成文日期：</td><td>{form.first_year + 1}年1月20日</td><td>发布日期：</td><td>{form.first_year + 1}-01-21</td></tr>
<tr><td>名称：</td><td colspan="3">{title}</td></tr></table>
<h1>{title}</h1>
<div class="info">发布时间：{form.first_year + 1}-01-21 09:30 &nbsp; 来源：柳湾镇 &nbsp; 浏览次数：<span id="n">128</span>
字体：【<a>大</a> <a>中</a> <a>小</a>】</div>
<div id="zoom">
{article or print_article(form, values)}
</div>
<p style="display:none">隐藏的一句话。</p>
<div class="share">分享到： <a>微信</a> <a>微博</a></div><div>【打印】【关闭】</div>
<div>上一篇：<a href="/a">关于开展春季植树的通知</a></div>
</div></div>
<footer><p>主办单位：云泽县人民政府办公室　网站标识码：0000000000</p><p>版权所有，未经书面许可，不得转载。</p></footer>
</body></html>"""
