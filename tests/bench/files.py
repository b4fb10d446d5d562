"""The files that readers are measured on: one fictional report of the 2021 form, as each format really comes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gknlp.forms import load_forms
from tests.parse.documents import Key, distinct_values
from tests.readers.html_forms import print_article, print_page, print_tables
from tests.readers.office_forms import docx, para, report_blocks, report_docx, word_table
from tests.readers.pdf_forms import report_pdf

FORM = load_forms()["revised_2021"]
N_MENUS = 200
_CELL = ' width="64" valign="center" style="width:48pt;border-top:none;border-left:none;border-bottom:1pt solid windowtext;border-right:1pt solid windowtext;padding:0pt 5.4pt"'
_PARAGRAPH = '<p class="MsoNormal" align="center" style="margin:0pt;text-align:center;line-height:16pt"><span style="font-family:仿宋_GB2312;font-size:10.5pt;color:#000000"><font face="仿宋_GB2312">'
_RUN = '<w:r><w:rPr><w:rFonts w:ascii="仿宋_GB2312" w:hAnsi="宋体" w:eastAsia="仿宋_GB2312" w:cs="宋体" w:hint="eastAsia"/><w:color w:val="000000"/><w:kern w:val="0"/><w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar"/></w:rPr>'
_WORD_CELL = '<w:tcPr><w:tcBorders><w:top w:val="single" w:color="auto" w:sz="4" w:space="0"/><w:bottom w:val="single" w:color="auto" w:sz="4" w:space="0"/></w:tcBorders><w:vAlign w:val="center"/>'
_WORD_PARAGRAPH = '<w:p><w:pPr><w:widowControl/><w:spacing w:line="360" w:lineRule="auto"/><w:ind w:firstLine="480"/><w:jc w:val="center"/></w:pPr>'


def write_files(folder: Path) -> list[Path]:
    """The files, each written once, in the order of their names."""
    values = distinct_values(FORM)
    contents: dict[str, bytes] = {
        "1 tables alone.html": f"<html><body>{''.join(print_tables(FORM, values).values())}</body></html>".encode(),
        "2 page.html": print_page(FORM, values).encode(),
        "3 page with menus, pasted from Word.html": dressed_page(values).encode(),
        "4 plain.docx": report_docx(FORM.key, values),
        "5 as Word saves it.docx": dressed_docx(values),
        "6 printed.pdf": report_pdf(FORM.key, values=values),
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in sorted(contents)]


def dressed_page(values: Mapping[Key, str]) -> str:
    """A page with 200 menus, scripts and style sheets, its cells as word processors paste them."""
    article = print_article(FORM, values)
    article = article.replace(' style="border:1px solid"', _CELL)
    article = article.replace('<p align="center"><span>', _PARAGRAPH).replace(
        "</span></p></td>", "</font></span></p></td>"
    )
    menus = "".join(
        f'<ul class="sub-menu m{i}"><li class="item"><a href="/col/{i}/index.html" target="_blank" title="政务公开栏目{i}">'
        f'<span>政务公开栏目{i}</span></a></li><li><a href="/fw/{i}">办事服务{i}</a></li></ul>\n'
        for i in range(N_MENUS)
    )
    script = f"<script>var codes = [{','.join(map(str, range(5_000)))}];</script>"
    style = "<style>" + ".menu li a { color: #333; margin: 0 auto }\n" * 800 + "</style>"
    page = print_page(FORM, values, article=article)
    return page.replace("</head>", f"{script}{style}</head>").replace(
        '<div class="top">', f'<div>{menus}</div><div class="top">'
    )


def dressed_docx(values: Mapping[Key, str]) -> bytes:
    """A document whose every run, paragraph and cell says how it looks, with a style sheet of 200 styles."""
    blocks = report_blocks(FORM, values)
    body = "".join(para(block) if isinstance(block, str) else word_table(block) for block in blocks)
    body = body.replace("<w:r>", _RUN).replace("<w:p>", _WORD_PARAGRAPH).replace("<w:tcPr>", _WORD_CELL)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{i}"><w:name w:val="样式 {i}"/><w:rPr><w:sz w:val="{i}"/></w:rPr></w:style>'
        for i in range(N_MENUS)
    )
    return docx(body, styles=styles)
