"""The numbers of the three tables, agency by agency, consistent across years unless a plan breaks them."""

from __future__ import annotations

from typing import Any

from .dice import Dice
from .model import HERE, YEARS, Agency, load_toml

FORM = load_toml(HERE / "form.toml")
N_COLUMNS = 6  # kinds of applicants, without the total
NEW_REQUESTS = {1: (0, 0), 2: (0, 2), 3: (0, 5), 4: (1, 9), 5: (4, 18), 6: (9, 36), 8: (38, 84), 9: (70, 150)}
PUBLISHED = {1: (40, 110), 2: (60, 190), 3: (90, 320), 4: (150, 420), 5: (220, 760), 6: (300, 980)}
OUTCOME_WEIGHTS = {
    "granted": 48, "partly_granted": 10, "denied_state_secret": 1, "denied_by_law": 1, "denied_third_party": 3,
    "denied_internal_affairs": 3, "denied_deliberative": 3, "denied_enforcement_file": 3, "denied_administrative_query": 3,
    "unavailable_not_held": 13, "unavailable_needs_creation": 5, "unavailable_unclear": 3, "not_processed_petition": 4,
    "not_processed_repeat": 2, "not_processed_excessive": 1, "not_processed_confirm_reissue": 1, "other": 4,
}  # fmt: skip


def row_specs(form: str) -> list[list[str]]:
    """Rows of table 3 in printed order: ``[key, label, group]``."""
    other = FORM["other_2019"] if form == "trial_2019" else FORM["other_2021"]
    return [*FORM["rows"], *other, *FORM["last"]]


def leaf_keys(form: str) -> list[str]:
    """Row keys that add up to （七）总计."""
    return [
        key
        for key, _, _ in row_specs(form)
        if key not in {"new_requests", "carried_in", "outcome_total", "carried_out"}
    ]


def form_of(year: int) -> str:
    """The form in force for a report year."""
    return "trial_2019" if year <= 2020 else "revised_2021"


def build_figures(agency: Agency, forms: dict[int, str]) -> dict[int, dict[str, Any]]:
    """Year to figures: ``t2`` raw strings, ``t3`` seven numbers a row, ``t4`` five numbers a group, ``facts`` for the prose."""
    dice = Dice(f"figures/{agency.id}")
    carried = [0] * N_COLUMNS
    if agency.size >= 5 and dice.chance(0.6):
        carried[0] = dice.between(1, agency.size - 3)
    stock = _stock(agency, dice)
    pending = 0
    series = {}
    for year in YEARS:
        form = forms[year]
        t3, carried = _requests(agency, form, carried, dice)
        t4, pending = _reviews(agency, pending, dice)
        t2, norm = (_proactive_2019 if form == "trial_2019" else _proactive_2021)(agency, stock, dice)
        facts = {
            **_published(agency, dice),
            "norm": norm,
            "req": t3["new_requests"][-1],
            "disputes": sum(v[-1] for v in t4.values()),
        }
        series[year] = {"t2": t2, "t3": t3, "t4": t4, "facts": facts}
    return series


def _published(agency: Agency, dice: Dice) -> dict[str, int]:
    low, high = PUBLISHED.get(agency.size, (1200, 5200))
    site, media, board = dice.between(low, high), dice.between(low // 2, high // 2), dice.between(low // 8, high // 6)
    return {
        "pub": site + media + board,
        "pub_site": site,
        "pub_media": media,
        "pub_board": board,
        "interp": dice.between(2, 6 + 4 * agency.size),
    }


def _requests(agency: Agency, form: str, carried_in: list[int], dice: Dice) -> tuple[dict[str, list[int]], list[int]]:
    new = [0] * N_COLUMNS
    for _ in range(dice.between(*NEW_REQUESTS[agency.size])):
        new[int(dice.weighted({"0": 82, "1": 8, "2": 1, "3": 2, "4": 5, "5": 3}))] += 1
    carried_out = [0] * N_COLUMNS
    rows = {key: [0] * N_COLUMNS for key, _, _ in row_specs(form)}
    for column in range(N_COLUMNS):
        for _ in range(new[column] + carried_in[column]):
            if dice.chance(0.08 if agency.size >= 4 else 0.0):
                carried_out[column] += 1
                continue
            outcome = dice.weighted(OUTCOME_WEIGHTS)
            if outcome == "other":
                outcome = "other_total" if form == "trial_2019" else dice.pick(["other_no_correction", "other_rest"])
            rows[outcome][column] += 1
            rows["outcome_total"][column] += 1
    rows.update(new_requests=new, carried_in=list(carried_in), carried_out=carried_out)
    return {key: [*values, sum(values)] for key, values in rows.items()}, carried_out


def _reviews(agency: Agency, pending: int, dice: Dice) -> tuple[dict[str, list[int]], int]:
    groups = {}
    left = 0
    for name, likely in zip(FORM["t4_groups"], (0.3, 0.12, 0.08), strict=True):
        decided = pending if name == "review" else 0
        if agency.size >= 5 and dice.chance(likely * agency.size / 6):
            decided += dice.between(1, agency.size - 3)
        upheld = decided - (dice.between(0, 1) if decided else 0)
        open_cases = dice.between(1, 2) if name == "review" and agency.size >= 6 and dice.chance(0.3) else 0
        left += open_cases
        values = [upheld, decided - upheld, 0, open_cases]
        groups[name] = [*values, sum(values)]
    return groups, left


def _stock(agency: Agency, dice: Dice) -> dict[str, int]:
    big = agency.size >= 8
    busy = agency.kind == "department" or agency.id in {"tax", "zone"} or big
    scale = {8: 260, 9: 420}.get(agency.size, 4 * agency.size if busy else 0)
    return {
        "documents": dice.between(60, 240) if big else dice.between(0, 3 * agency.size) if agency.size >= 3 else 0,
        "licensing": dice.between(scale // 2, scale), "other_services": dice.between(scale // 3, scale),
        "penalties": dice.between(scale, 4 * scale) if agency.form_of == "bureau" or big else 0,
        "coercion": dice.between(0, scale // 4), "admin_fees": dice.between(0, scale // 3),
        "scale": scale,
    }  # fmt: skip


def _signed(change: int, dice: Dice) -> str:
    if change > 0:
        return f"增{change}" if dice.chance(0.06) else f"+{change}"
    return str(change)


def _new_documents(agency: Agency, dice: Dice) -> int:
    if agency.size >= 8:
        return dice.between(6, 24)
    return dice.between(0, 3) if agency.size >= 5 and dice.chance(0.6) else 0


def _proactive_2019(agency: Agency, stock: dict[str, int], dice: Dice) -> tuple[dict[str, str], int]:
    made = _new_documents(agency, dice)
    stock["documents"] += made
    rules = [0, 0, 2] if agency.level == "city" else [0, 0, 0]
    cells: dict[str, str] = {}
    for column, value, document in zip(
        ("newly_made", "newly_disclosed", "disclosed_total"), rules, (made, made, stock["documents"]), strict=True
    ):
        cells[f"regulations.{column}"], cells[f"normative_documents.{column}"] = str(value), str(document)
    for row in ("licensing", "other_services", "penalties", "coercion", "admin_fees"):
        last = stock[row]
        change = dice.between(-min(last, 3 + last // 12), 2 + last // 8) if last and dice.chance(0.6) else 0
        stock[row] = last + change
        cells[f"{row}.items_last_year"], cells[f"{row}.change"] = str(last), _signed(change, dice)
        if row != "admin_fees":
            cells[f"{row}.decisions"] = str(dice.between(0, 9 * stock[row]) if stock[row] else 0)
    projects = dice.between(0, 2 * agency.size)
    cells["procurement.projects"], cells["procurement.amount"] = str(projects), _amount(projects, dice)
    return cells, made


def _amount(projects: int, dice: Dice) -> str:
    if not projects:
        return dice.pick(["0", "0", "0万元", "0元"])
    wan = projects * dice.between(30, 900) / 10
    unit = dice.weighted({"万元": 7, "元": 2, "": 1})
    if unit == "元":
        value = int(wan * 10000)
        return f"{value:,}元" if dice.chance(0.4) else f"{value}元"
    return f"{wan:.2f}".rstrip("0").rstrip(".") + unit


def _proactive_2021(agency: Agency, stock: dict[str, int], dice: Dice) -> tuple[dict[str, str], int]:
    issued = _new_documents(agency, dice)
    repealed = dice.between(0, min(stock["documents"], 5)) if stock["documents"] and dice.chance(0.5) else 0
    stock["documents"] += issued - repealed
    scale = stock["scale"]
    cells = {
        f"regulations.{column}": value
        for column, value in zip(
            ("issued", "repealed", "in_force"), "002" if agency.level == "city" else "000", strict=True
        )
    }
    for column, number in zip(("issued", "repealed", "in_force"), (issued, repealed, stock["documents"]), strict=True):
        cells[f"normative_documents.{column}"] = str(number)
    cells["licensing.decisions"] = str(dice.between(0, 30 * scale))
    cells["penalties.decisions"] = str(dice.between(0, 9 * scale) if stock["penalties"] else dice.pick([0, 0, 0, 2, 5]))
    cells["coercion.decisions"] = str(dice.between(0, scale // 2))
    fee = dice.between(0, 90 * scale) / 100 if stock["admin_fees"] else 0
    cells["admin_fees.amount"] = f"{fee:.2f}".rstrip("0").rstrip(".")
    return cells, issued


def break_table(figures: dict[str, Any], plan: dict[str, Any]) -> None:
    """Carry out one planned table error in place. ``do``: shift a cell and its row total, shift a total, or count carried-over requests twice."""
    if plan["do"] == "double_carry":
        total, carried = figures["t3"]["outcome_total"], figures["t3"]["carried_out"]
        figures["t3"]["outcome_total"] = [a + b for a, b in zip(total, carried, strict=True)]
        return
    row = figures[plan["table"]][plan["row"]]
    columns = [len(row) - 1] if plan["do"] == "total" else [0, len(row) - 1]
    for column in columns:
        row[column] += plan["by"]
    if plan["row"] == "new_requests":
        figures["facts"]["req"] = row[-1]


def failing_instances(form: str, figures: dict[str, Any]) -> dict[str, list[str]]:
    """Rule id to the instances whose identity does not hold: R301 rows, R302 and R303 columns, R401 groups."""
    t3, t4, keys = figures["t3"], figures["t4"], FORM["applicant_keys"]
    failed = {"R301": [row for row, values in t3.items() if sum(values[:-1]) != values[-1]]}
    failed["R302"] = [
        key for i, key in enumerate(keys) if sum(t3[leaf][i] for leaf in leaf_keys(form)) != t3["outcome_total"][i]
    ]
    failed["R303"] = [
        key for i, key in enumerate(keys)
        if t3["new_requests"][i] + t3["carried_in"][i] != t3["outcome_total"][i] + t3["carried_out"][i]
    ]  # fmt: skip
    failed["R401"] = [group for group, values in t4.items() if sum(values[:-1]) != values[-1]]
    return {rule: sorted(instances) for rule, instances in failed.items() if instances}


def failing_carry(before: dict[str, Any], now: dict[str, Any]) -> dict[str, list[str]]:
    """R501: columns where this year's carried-in requests are not last year's carried-out ones; {} if all agree."""
    pairs = zip(FORM["applicant_keys"], before["t3"]["carried_out"], now["t3"]["carried_in"], strict=True)
    columns = sorted(key for key, out, into in pairs if out != into)
    return {"R501": columns} if columns else {}
