"""Effects on topic shares: against dense formulas, draws and planted truth; bad input says what to change."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pyarrow as pa
import pytest
from pydantic import TypeAdapter, ValidationError

from gknlp.errors import NotEnoughTextError, UsageError
from gknlp.tables import encode_csv, table_of
from gknlp.topics.effects import EffectsConfig, design, estimate, estimate_effects
from gknlp.topics.effects.clustered import estimate_contrasts, prepare_design
from gknlp.topics.effects.posterior import ShareSet, draw_shares, share_variances
from tests.topics.effects_planted import CONFIG, plant


def make_design(seed=1, sizes=(1, 2, 3, 4, 5, 6, 2, 3)):
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    rows = np.column_stack([np.ones(len(groups)), rng.normal(size=len(groups)), (groups % 3 == 0).astype(float)])
    return rows, groups, rng


def dense_cr2(rows, groups, outcome):
    """Covariance and Satterthwaite degrees of freedom by the definitions, with every matrix written out."""
    n, p = rows.shape
    bread = np.linalg.inv(rows.T @ rows)
    keep = np.eye(n) - rows @ bread @ rows.T
    residual = keep @ outcome
    meat, adjusted = np.zeros((p, p)), {}
    for group in np.unique(groups):
        own = groups == group
        values, vectors = np.linalg.eigh(keep[np.ix_(own, own)])
        adjusted[group] = vectors @ np.diag(values**-0.5) @ vectors.T
        score = rows[own].T @ adjusted[group] @ residual[own]
        meat += np.outer(score, score)
    df = []
    for contrast in np.eye(p):
        columns = np.column_stack(
            [
                keep[:, groups == group] @ adjusted[group] @ rows[groups == group] @ bread @ contrast
                for group in adjusted
            ]
        )
        values = np.linalg.eigvalsh(columns.T @ columns)
        df.append(values.sum() ** 2 / (values**2).sum())
    return bread @ meat @ bread, np.array(df)


def test_variance_and_degrees_of_freedom_are_those_of_the_definitions():
    rows, groups, rng = make_design()
    outcome = rng.normal(size=len(groups))
    found = estimate_contrasts(prepare_design(rows, groups), np.eye(3), outcome[:, None])
    covariance, df = dense_cr2(rows, groups, outcome)
    assert found.estimate[:, 0] == pytest.approx(np.linalg.lstsq(rows, outcome, rcond=None)[0])
    assert found.known[:, 0] == pytest.approx(np.diag(covariance))
    assert found.df == pytest.approx(df)
    assert found.df[2] < len(set(groups)) - 1  # t(G - 1) would be narrower
    assert found.estimable.all()


def test_groups_of_one_give_the_two_sample_variance_of_welch():
    first, second = np.array([1.0, 2.0, 4.0, 7.0]), np.array([3.0, 3.5, 9.0])
    rows = np.column_stack([np.ones(7), [0] * 4 + [1] * 3])
    found = estimate_contrasts(prepare_design(rows, np.arange(7)), np.eye(2), np.concatenate([first, second])[:, None])
    assert found.known[1, 0] == pytest.approx(first.var(ddof=1) / 4 + second.var(ddof=1) / 3)
    assert found.estimate[1, 0] == pytest.approx(second.mean() - first.mean())


def test_closed_form_is_the_mean_and_variance_over_draws():
    rows, groups, rng = make_design()
    prepared = prepare_design(rows, groups)
    mean, spread = rng.normal(size=(len(groups), 1)), rng.uniform(0.1, 2, size=(len(groups), 1))
    found = estimate_contrasts(prepared, np.eye(3), mean, spread)
    draws = mean + rng.normal(size=(len(groups), 60_000)) * np.sqrt(spread)
    drawn = estimate_contrasts(prepared, np.eye(3), draws)
    assert (found.known + found.noise)[:, 0] == pytest.approx(drawn.known.mean(axis=1), rel=0.03)
    assert found.between[:, 0] == pytest.approx(drawn.estimate.var(axis=1), rel=0.03)
    assert found.noise.min() > 0


def test_a_direction_that_one_group_determines_has_no_variance():
    rows, groups, rng = make_design()
    rows[:, 2] = groups == 4
    found = estimate_contrasts(prepare_design(rows, groups), np.eye(3), rng.normal(size=(len(groups), 1)))
    assert found.estimable.tolist() == [True, True, False]


def test_draws_are_dirichlet_and_each_report_has_its_own():
    shares = ShareSet(("a", "b"), (0, 1), np.array([[0.2, 0.8], [0.5, 0.5]]), np.array([30.0, 100.0]))
    draws = np.array(list(draw_shares(shares, n_draws=20_000, seed=5)))
    assert draws.sum(axis=2) == pytest.approx(1)
    assert draws.mean(axis=0) == pytest.approx(shares.shares, abs=0.003)
    assert draws.var(axis=0) == pytest.approx(share_variances(shares), rel=0.05)
    alone = ShareSet(("b",), (0, 1), shares.shares[1:], shares.concentration[1:])
    assert np.array_equal(np.array(list(draw_shares(alone, n_draws=20_000, seed=5)))[:, 0], draws[:, 1])
    other = np.array(list(draw_shares(alone, n_draws=20_000, seed=6)))
    assert not np.array_equal(other[:, 0], draws[:, 1])


def test_many_draws_come_to_the_closed_form():
    tables = plant(3, n_agencies=15, fitted=False).tables
    exact = estimate_effects(tables, config=CONFIG)["topic_effects"].to_pylist()
    config = EffectsConfig(terms=CONFIG.terms, reference=CONFIG.reference, draws=200)
    drawn = estimate_effects(tables, config=config)["topic_effects"].to_pylist()
    assert {row["theta"] for row in drawn} == {"composition of 200 draws"}
    for one, other in zip(exact, drawn, strict=True):
        assert one["se"] > one["se_known"]
        assert one["se"] == pytest.approx(other["se"], rel=0.08)
        assert one["estimate"] == pytest.approx(other["estimate"], abs=0.25 * one["se"])
        assert other["df"] <= one["df"] + 1e-9


def test_uncertain_shares_widen_by_what_the_formula_says():
    facts = make_tables()
    rows = [{"doc_id": fact[0], "n_words": 4, "concentration": 5.0} for fact in FACTS]
    found = by_name(effects_of({**facts, "topic_documents": table_of("topic_documents", rows)})["topic_effects"])
    shares = np.array([fact[-1] for fact in FACTS])
    years = np.array([fact[2] - 2020 for fact in FACTS])
    between = (years**2 * shares * (1 - shares) / 6).sum() / (years**2).sum() ** 2
    year = found["year"]
    assert year["se"] ** 2 * year["theta_share"] == pytest.approx(between, rel=1e-4)
    assert year["se_known"] < 1e-6  # every agency has the same trend
    # What is left is what the noise of shares adds to the clustered variance: of the size of what it is, for 7 agencies.
    assert 0.5 * between < year["se"] ** 2 - between < 2 * between
    assert year["theta"] == "composition in closed form"


def effects_of(tables, **options):
    return estimate_effects(tables, config=EffectsConfig(**options))


def by_name(table, topic=0):
    return {design.name_of(row["term"], row["category"]): row for row in table.to_pylist() if row["topic"] == topic}


FACTS = [
    (f"{agency}{year}", agency, year, level, 0.1 + 0.02 * (year - 2020) + (0.1 if level == "city" else 0.0) + wiggle)
    for agency, level, wiggle in (
        ("a", "county", 0.01),
        ("b", "county", -0.01),
        ("c", "city", 0.02),
        ("d", "city", -0.02),
        ("e", "county", 0.0),
        ("f", "township", 0.03),
        ("g", "township", -0.03),
    )
    for year in (2019, 2020, 2021)
]


def make_tables(facts=FACTS, **columns):
    reports = [
        {"doc_id": key, "agency_id": agency, "year": year, "level": level} for key, agency, year, level, _ in facts
    ]
    for name, values in columns.items():
        for report, value in zip(reports, values, strict=True):
            report[name] = value
    shares = [
        {"doc_id": key, "topic": topic, "share": value}
        for key, *_, share in facts
        for topic, value in ((0, share), (1, 1 - share))
    ]
    return {"reports": table_of("reports", reports), "topic_shares": table_of("topic_shares", shares)}


def with_covariates(rows, facts=FACTS):
    return {**make_tables(facts), "covariates": pa.Table.from_pylist(rows)}


def test_coefficients_are_differences_of_shares():
    found = effects_of(make_tables())
    effects = by_name(found["topic_effects"])
    assert effects["year"]["estimate"] == pytest.approx(0.02)
    assert effects["level[city]"]["estimate"] == pytest.approx(0.1)
    assert effects["level[city]"]["reference"] == "county"  # the most frequent
    assert effects["(intercept)"]["estimate"] == pytest.approx(0.1)  # county in the mean year
    assert effects["(intercept)"]["p"] is None
    assert {row["theta"] for row in effects.values()} == {"exact"}
    city = effects["level[city]"]
    assert (city["n"], city["n_agencies"], city["confidence"]) == (21, 7, 0.95)
    assert city["low"] < 0.1 < city["high"]
    assert city["high"] - city["estimate"] == pytest.approx(city["estimate"] - city["low"], abs=1e-8)
    other = by_name(found["topic_effects"], topic=1)
    assert other["level[city]"]["estimate"] == pytest.approx(-0.1)  # shares sum to 1, so effects sum to 0


def test_a_share_without_residual_has_no_interval_for_year_alone():
    year = by_name(effects_of(make_tables(), terms=("year",))["topic_effects"])["year"]
    assert (year["estimate"], year["se"], year["p"], year["p_holm"]) == (pytest.approx(0.02), None, None, None)
    assert "does not vary" in year["note"]


def test_few_agencies_are_said_to_be_few():
    city = by_name(effects_of(make_tables())["topic_effects"])["level[city]"]
    assert city["df"] < 4
    assert "do not rely on p" in city["note"]


def test_a_category_of_one_agency_has_an_estimate_and_no_interval():
    facts = [fact for fact in FACTS if fact[1] != "g"]
    effects = by_name(effects_of(make_tables(facts))["topic_effects"])
    town = effects["level[township]"]
    assert town["estimate"] == pytest.approx(0.03)
    assert (town["se"], town["low"], town["p"], town["df"]) == (None, None, None, None)
    assert "one agency alone" in town["note"]
    assert effects["level[city]"]["se"] > 0


def test_the_reference_can_be_chosen_and_years_can_be_categories():
    found = effects_of(make_tables(), terms=("C(year)", "level"), reference=("level=city", "C(year)=2020"))
    effects = by_name(found["topic_effects"])
    assert effects["level[county]"]["estimate"] == pytest.approx(-0.1)
    assert effects["C(year)[2019]"]["estimate"] == pytest.approx(-0.02)
    assert effects["C(year)[2021]"]["reference"] == "2020"
    terms = {row["term"]: row for row in found["topic_effect_terms"].to_pylist()}
    assert terms["level"]["categories"] == ["city", "county", "township"]
    assert terms["C(year)"]["kind"] == "category"
    first = effects_of(make_tables(), terms=("C(year)", "level"))["topic_effect_terms"].to_pylist()[0]
    assert first["reference"] == "2019"  # numbers as categories: the least


def test_predictions_hold_all_else_as_it_is():
    found = effects_of(make_tables())
    rows = {(row["term"], row["value"]): row for row in found["topic_predictions"].to_pylist() if row["topic"] == 0}
    assert list(rows) == [("year", "2019"), ("year", "2020"), ("year", "2021")] + [
        ("level", level) for level in ("county", "city", "township")
    ]
    mean = np.mean([fact[-1] for fact in FACTS])
    assert rows["year", "2020"]["estimate"] == pytest.approx(mean)
    assert rows["year", "2021"]["estimate"] - rows["year", "2019"]["estimate"] == pytest.approx(0.04)
    assert rows["year", "2021"]["number"] == 2021
    assert rows["level", "city"]["estimate"] == pytest.approx(0.2)
    assert rows["level", "city"]["low"] < 0.2 < rows["level", "city"]["high"]


def test_missing_values_leave_reports_out_and_are_counted():
    facts = [(*fact[:3], None if fact[1] == "e" else fact[3], fact[4]) for fact in FACTS]
    found = effects_of(make_tables(facts))
    terms = {row["term"]: row for row in found["topic_effect_terms"].to_pylist()}
    assert (terms["level"]["n_missing"], terms["year"]["n_missing"]) == (3, 0)
    assert (terms["level"]["n"], terms["level"]["n_agencies"]) == (18, 6)


def test_superseded_reports_and_those_without_shares_do_not_count():
    tables = make_tables(superseded_by=[*[None] * 20, "x"])
    tables["topic_shares"] = tables["topic_shares"].filter(
        pa.compute.not_equal(tables["topic_shares"]["doc_id"], "a2019")
    )
    assert effects_of(tables)["topic_effects"].to_pylist()[0]["n"] == 19


def test_one_year_only_drops_the_year_and_says_so():
    facts = [fact for fact in FACTS if fact[2] == 2020]
    found = effects_of(make_tables(facts))
    year = found["topic_effect_terms"].to_pylist()[0]
    assert (year["term"], year["kind"]) == ("year", "constant")
    assert year["note"] == "constant (year is 2020 in all reports): left out"
    assert "year" not in by_name(found["topic_effects"])
    with pytest.raises(NotEnoughTextError, match=r"year is 2020 in all reports.*add reports or name other terms"):
        effects_of(make_tables(facts), terms=("year",))


@pytest.mark.parametrize(
    ("column", "key"), [("doc_id", "key"), ("agency_id", "agency")], ids=["by report", "by agency"]
)
def test_covariates_join_by_report_or_agency(column, key):
    rows = [{"doc_id": fact[0], "agency_id": fact[1], "coast": fact[1] in "ace"} for fact in FACTS]
    rows = list({row[column]: {column: row[column], "coast": row["coast"]} for row in rows}.values())
    effects = by_name(effects_of(with_covariates(rows), terms=("coast", "year"))["topic_effects"])
    group = [[fact[-1] for fact in FACTS if (fact[1] in "ace") == side] for side in (False, True)]
    assert effects["coast[true]"]["estimate"] == pytest.approx(np.mean(group[1]) - np.mean(group[0]))


def test_covariates_join_by_agency_and_year():
    rows = [{"agency_id": fact[1], "year": fact[2], "staff": float(fact[2] - 2020 + len(fact[3]))} for fact in FACTS]
    terms = effects_of(with_covariates(rows[:-1]), terms=("staff",))["topic_effect_terms"].to_pylist()
    assert (terms[0]["n_missing"], terms[0]["n"], terms[0]["kind"]) == (1, 20, "number")


BAD = [
    ({"terms": ("budget",)}, UsageError, "no column 'budget'; there are: agency, agency_id"),
    ({"reference": ("kind=x",)}, UsageError, "'kind', which is no term"),
    ({"reference": ("level=province",)}, UsageError, "province does not occur; level has: city, county, township"),
    ({"reference": ("year=2019",)}, UsageError, r"write C\(year\)"),
    ({"terms": ("level", "C(year)", "year")}, UsageError, r"year is collinear: it follows exactly from .*C\(year\)"),
    ({"terms": ("level", "C(agency_id)")}, NotEnoughTextError, "7 clusters .* too few for 9 coefficients"),
    ({"terms": ("kind",)}, NotEnoughTextError, r"missing values by column: kind \(21\)"),
]


@pytest.mark.parametrize(("options", "error", "message"), BAD)
def test_bad_questions_say_what_to_change(options, error, message):
    with pytest.raises(error, match=message):
        effects_of(make_tables(), **options)


@pytest.mark.parametrize(
    "options",
    [
        {"terms": ()},
        {"terms": ("year", "year")},
        {"draws": 1},
        {"draws": -1},
        {"confidence": 1.0},
        {"seed": -1},
        {"reference": ("level",)},
    ],
)
def test_a_config_refuses_what_cannot_be(options):
    with pytest.raises(UsageError):
        EffectsConfig(**options)


def test_a_config_is_read_from_toml_values():
    adapter = TypeAdapter(EffectsConfig)
    assert adapter.validate_python({"terms": ["C(year)"], "draws": 25}) == EffectsConfig(terms=("C(year)",), draws=25)
    with pytest.raises(ValidationError, match="term\n"):
        adapter.validate_python({"term": ["year"]})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda tables: tables.pop("topic_shares"), "need the table 'topic_shares'"),
        (lambda tables: tables.update(topic_shares=tables["topic_shares"].slice(0, 0)), "topic_shares has no row"),
        (lambda tables: tables.update(topic_shares=tables["topic_shares"].slice(1)), "not each topic once"),
        (
            lambda tables: tables.update(covariates=pa.table({"staff": [1.0]}), topic_shares=tables["topic_shares"]),
            "neither doc_id nor agency_id",
        ),
        (
            lambda tables: tables.update(covariates=pa.table({"agency_id": ["a", "a"], "staff": [1.0, 2.0]})),
            "two rows for agency_id a",
        ),
        (lambda tables: tables.update(covariates=pa.table({"doc_id": ["a2019"], "staff": [[1]]})), "lists or structs"),
        (
            lambda tables: tables.update(topic_documents=pa.table({"doc_id": ["a2019"], "concentration": [5.0]})),
            "no positive concentration for 20 reports",
        ),
    ],
)
def test_bad_tables_say_what_is_wrong(change, message):
    tables = with_covariates([{"doc_id": fact[0], "staff": 1.0} for fact in FACTS])
    change(tables)
    with pytest.raises(UsageError, match=message):
        effects_of(tables, terms=("year", "staff") if "covariates" in tables else ("year",))


def test_the_order_of_rows_changes_nothing_and_draws_neither():
    tables = plant(4, n_agencies=12, fitted=False).tables
    rng = np.random.default_rng(0)
    mixed = {name: table.take(rng.permutation(len(table))) for name, table in tables.items()}
    for draws in (0, 3):
        config = EffectsConfig(terms=CONFIG.terms, draws=draws)
        one, other = (estimate_effects(given, config=config) for given in (tables, mixed))
        assert [encode_csv(one[name]) for name in one] == [encode_csv(other[name]) for name in one]


def test_holm_needs_more_of_more_tests():
    tables = plant(5, n_agencies=30, fitted=False).tables
    rows = estimate_effects(tables, config=CONFIG)["topic_effects"].to_pylist()
    for term in CONFIG.terms:
        own = [row for row in rows if row["term"] == term]
        least = min(own, key=lambda row: row["p"])
        same = [row for row in own if row["category"] == least["category"]]
        assert least["p_holm"] == pytest.approx(min(1, 4 * least["p"]))
        assert all(row["p_holm"] >= row["p"] for row in same)


def test_infinite_and_empty_values_are_missing():
    assert [design.is_missing(value) for value in (None, "", math.nan, math.inf, 0, False, "x")] == [True] * 4 + [
        False
    ] * 3


@pytest.mark.parametrize("module", [design, estimate])
def test_the_examples_in_the_docstrings_hold(module):
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
