"""All pages of a run: findings are made once, drawn, and put into templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from gknlp.pages.figures import Figure, draw_file
from gknlp.pages.figures.bars import draw_outcomes
from gknlp.pages.figures.grid import draw_coverage
from gknlp.pages.figures.matrix import Matrix, draw_matrix
from gknlp.pages.figures.multiples import compose, draw_panel, scale_top
from gknlp.pages.figures.network import draw_network
from gknlp.pages.figures.place_years import draw_place_years
from gknlp.pages.figures.ribbon import draw_ribbon
from gknlp.pages.figures.spread import compose_spreads, draw_spread
from gknlp.pages.figures.strip import draw_strip
from gknlp.pages.figures.themes import draw_measure, draw_themes
from gknlp.pages.figures.timeline import draw_timeline
from gknlp.pages.findings.answer import answer
from gknlp.pages.findings.audit import find_audit
from gknlp.pages.findings.coverage import find_coverage, list_reports
from gknlp.pages.findings.measures import write_value
from gknlp.pages.findings.report import find_report, make_lookups
from gknlp.pages.findings.reuse import find_reuse
from gknlp.pages.findings.rhetoric import write_kind
from gknlp.pages.findings.run import Run, load_run, page_name, ran
from gknlp.pages.findings.themes import find_themes
from gknlp.pages.findings.topics import find_topics
from gknlp.pages.page import render_template
from gknlp.pages.words import same, say, word
from gknlp.schemas import STRATA

N_FRONT_THEMES = 6
_FRONT_WIDTH = 590.0
"""The ribbon beside the answer: drawn at its own width, so that its text keeps its size."""
_STEPS = {
    "similarity_report": ("coverage", "passages", "pairs", "clusters"),
    "topic_report": ("topics", "topic_words", "topic_shares", "topic_units"),
    "themes": ("theme_labels", "theme_shares"),
    "audit": ("findings",),
}
"""The tables each page needs: where one is absent, that step did not run, the page is not made and the first page says so."""


def render_pages(tables: Mapping[str, pa.Table], about: Mapping[str, Any]) -> dict[str, bytes]:
    """Every page and figure of a run by its path from the run's root; the same input always gives the same bytes.

    Parameters
    ----------
    tables : corpus and result tables by name, as in ``gknlp.schemas``; row order does not matter, other names are ignored.
    about : what is known of the run: name, question, expectation, fictional, corpus, experiment_hash, seed, packages,
        version, verify_command, themes, rules, created, mandated_sources, steps, topic_quality; all optional.

    Returns
    -------
    ``index.html``, a page for each step that ran, ``report/<doc_id>.html`` for each report, ``figures/*.svg``. Without
    any report: an ``index.html`` that says so.
    """
    run = load_run(tables, about)
    found = _find(run)
    figures = _draw(found)
    frame = _frame(run, found)
    pages = {"index.html": render_template("index.html.j2", {**frame, "page": "index", **_front(found, figures)})}
    for page in _made(run):
        values = {**frame, "page": page, "found": found[_KEYS[page]], "figures": figures, **_DRAW}
        pages[f"{page}.html"] = render_template(f"{page}.html.j2", values)
    pages.update(_report_pages(run, frame))
    pages.update({f"figures/{figure.name}.svg": draw_file(figure) for figure in _files(figures, found)})
    return dict(sorted(pages.items()))


_DRAW = {
    "timeline": draw_timeline,
    "spread": draw_spread,
    "written": write_value,
    "measure": draw_measure,
    "told": write_kind,
}
"""What pages draw and write beside their figures, one for each thing they list."""
_KEYS = {"similarity_report": "reuse", "topic_report": "topics", "themes": "themes", "audit": "audit"}


def _made(run: Run) -> list[str]:
    return [page for page, needed in _STEPS.items() if ran(run, *needed)]


def _find(run: Run) -> dict[str, Any]:
    makers = {
        "similarity_report": lambda: find_reuse(run),
        "topic_report": lambda: find_topics(run),
        "themes": lambda: find_themes(run),
        "audit": lambda: find_audit(run),
    }
    found: dict[str, Any] = {"coverage": find_coverage(run), "reports": list_reports(run)}
    found.update({_KEYS[page]: makers[page]() for page in _made(run)})
    return found


def _draw(found: dict[str, Any]) -> dict[str, Any]:
    """The figures by name: one drawing each, or a list of panels for small multiples."""
    figures: dict[str, Any] = {"coverage": draw_coverage(found["coverage"])}
    if "reuse" in found:
        figures["strata"] = draw_ribbon(found["reuse"])
        figures["strata_front"] = draw_ribbon(found["reuse"], width=_FRONT_WIDTH)
        figures["strata_by_year"] = _strata_panels(found["reuse"])
        for layer in found["reuse"]["place_years"]["layers"]:
            figures[f"place_years_{layer['key']}"] = draw_place_years(found["reuse"]["place_years"], layer)
        if found["reuse"]["measures"]:
            figures["measures"] = _measure_panels(found["reuse"]["measures"])
        figures["agencies"] = draw_matrix(_who_matrix(found["reuse"]))
        figures["years"] = draw_matrix(_year_matrix(found["reuse"]["years"]))
        figures["network"] = draw_network(found["reuse"]["network"])
    if "themes" in found:
        figures.update(draw_themes(found["themes"]))
    if "audit" in found:
        figures["rule_outcomes"] = draw_outcomes(found["audit"])
    return figures


def _strata_panels(found: dict[str, Any]) -> list[Figure]:
    by_year = found["by_year"]
    shares = [group["medians"][stratum] for group in by_year for stratum in STRATA]
    top = scale_top(shares)
    return [
        draw_panel(
            stratum,
            word("strata", stratum),
            [{"year": group["value"], "share": group["medians"][stratum], "n": group["n"]} for group in by_year],
            top,
            stratum=stratum,
        )
        for stratum in found["present"]
    ]


def _measure_panels(found: dict[str, Any]) -> Figure:
    measures = [measure for group in found["groups"] for measure in group["measures"]]
    return compose_spreads("measures", [(measure, draw_spread(measure)) for measure in measures])


def _who_matrix(found: dict[str, Any]) -> Matrix:
    matrix = found["matrix"]
    names = [same(name) for name in matrix["names"]]
    own = (
        say("本地区各报告之间", "inside the place")
        if found["by_place"]
        else say("本机关各年度之间", "the agency's own years")
    )
    unit = say(
        f"共有字数（规定文本除外）；对角线为{own['zh']}；斜线格：只有一份报告",
        f"characters shared, mandated text aside; diagonal: {own['en']}; hatched: one report only",
    )
    return Matrix("agencies", names, names, matrix["values"], matrix["title"], unit, target="#pairs", csv="pairs")


def _year_matrix(found: dict[str, Any]) -> Matrix:
    names = [same(year) for year in found["years"]]
    unit = say(
        "共有字数；行：较晚的年度，列：较早的年度", "characters shared; rows: the later year, columns: the earlier"
    )
    return Matrix("years", names, names, found["values"], found["title"], unit, csv="pairs")


def _files(figures: dict[str, Any], found: dict[str, Any]) -> Iterator[Figure]:
    """Each figure as one drawing, panels set in rows."""
    families = found["themes"]["families"] if "themes" in found else []
    titles = {f"themes_{family['family']}": family["title"] for family in families}
    for name, figure in sorted(figures.items()):
        if name.endswith("_front"):
            continue
        if isinstance(figure, Figure):
            yield figure
        else:
            yield compose(name, titles.get(name, say(name, name)), figure)


def _frame(run: Run, found: dict[str, Any]) -> dict[str, Any]:
    """What every page needs: the run, the navigation, the tables that can be linked."""
    made = _made(run)
    return {
        "about": dict(run.about),
        "nav": [("index", "index.html"), *((page, f"{page}.html") for page in made)],
        "too_little": [
            step for step in run.about.get("steps") or () if isinstance(step, Mapping) and step.get("not_run")
        ],
        "not_run": [page for page in _STEPS if page not in made],
        "tables": sorted(run.rows),
        "root": "",
        "n_reports": found["coverage"]["n_reports"],
    }


def _front(found: dict[str, Any], figures: dict[str, Any]) -> dict[str, Any]:
    families = found["themes"]["families"] if "themes" in found else []
    front = next((family for family in families if family["themes"]), None)
    return {
        "found": found,
        "answer": answer(found),
        "figures": figures,
        "panels": figures[f"themes_{front['family']}"][:N_FRONT_THEMES] if front else [],
        "front_family": front,
    }


def _report_pages(run: Run, frame: dict[str, Any]) -> dict[str, bytes]:
    lookups = make_lookups(run)
    pages = {}
    for report in run.reports:
        found = find_report(run, report["doc_id"], lookups)
        values = {**frame, "page": "report", "root": "../", "found": found, "strip": draw_strip(found["strip"])}
        values["layer"] = "themes" if found["has_themes"] and not found["has_reuse"] else "strata"
        pages[f"report/{page_name(report['doc_id'])}.html"] = render_template("report.html.j2", values)
    return pages
