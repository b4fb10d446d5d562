"""What is planted in which document of a block, before anything is written: kinds, carriers, rates."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor

from planted_parts.dice import Dice
from planted_parts.model import Agency
from planted_parts.places import YEARS

FORMULAE = 12
FORMULA_SHARE = (0.45, 0.7)
"""Share of the agencies that have a formula: above the 0.30 at which wording is called so."""
SHORTEST, LONGEST = 60, 400
"""Characters of a copied passage."""
PASSAGE_EDITS = 0.08
NEAR_EDITS = (0.05, 0.20)
VIRAL_AGENCIES = (11, 14)
"""More than the 10 from which wording is called viral; of 60 agencies 14 are below 0.30, so it is no formula."""
Key = tuple[int, int]


@dataclass(slots=True)
class Orders:
    """What one document is to hold: numbers of copies by kind, groups (viral, regional) and formulae it carries."""

    near: str = ""
    n_peer: int = 0
    n_self: int = 0
    n_statute: int = 0
    n_model: int = 0
    groups: list[int] = field(default_factory=list)
    formulae: list[int] = field(default_factory=list)


def plan_block(
    seed: str, block: int, agencies: list[Agency], *, plants: bool
) -> tuple[dict[Key, Orders], dict[int, str]]:
    """Orders by (agency, year), and for each group its kind, viral or regional; without ``plants`` empty ones."""
    if not plants:
        return {(number, year): Orders() for number in range(len(agencies)) for year in YEARS}, {}
    dice = Dice(f"{seed}.plan.{block}")
    orders: dict[Key, Orders] = {}
    for number in range(len(agencies)):
        model_year = dice.pick(YEARS)  # once an agency: parts of a model text repeated next year would be its own
        orders |= {(number, year): _order(dice, year, model_year) for year in YEARS}
    for formula in range(FORMULAE):
        _spread_formula(dice, formula, len(agencies), orders)
    groups: dict[int, str] = {}
    regions: dict[str, list[int]] = {}
    for number, agency in enumerate(agencies):
        regions.setdefault(agency.region, []).append(number)
    most = min(VIRAL_AGENCIES[1], floor(0.25 * len(agencies)))
    if most >= VIRAL_AGENCIES[0]:
        for _ in range(6):
            size = dice.between(VIRAL_AGENCIES[0], most)
            _spread(dice, "viral", dice.shuffled(range(len(agencies)))[:size], groups, orders)
    for members in regions.values():
        for _ in range(4):
            _spread(dice, "regional", dice.shuffled(members)[: dice.between(2, 6)], groups, orders)
    return orders, groups


def _order(dice: Dice, year: int, model_year: int) -> Orders:
    kind = dice.within(0, 1)
    if year > YEARS[0] and kind < 0.12:
        return Orders(near="self" if kind < 0.04 else "other")
    if kind > 0.75:  # a quarter holds nothing but what the form prescribes and formulae: sources for near-copies
        return Orders()
    return Orders(
        n_peer=dice.between(0, 2),
        n_self=dice.between(0, 2) if year > YEARS[0] else 0,
        n_statute=int(dice.chance(0.2)),
        n_model=int(year == model_year),
    )


def _spread_formula(dice: Dice, formula: int, n_agencies: int, orders: dict[Key, Orders]) -> None:
    n_carriers = ceil(dice.within(*FORMULA_SHARE) * n_agencies)
    for agency in dice.shuffled(range(n_agencies))[:n_carriers]:
        year = dice.pick(YEARS)
        again = dice.chance(0.4)
        for later in YEARS:
            if later == year or (again and later > year):
                orders[agency, later].formulae.append(formula)


def _spread(dice: Dice, kind: str, members: list[int], groups: dict[int, str], orders: dict[Key, Orders]) -> None:
    """A new group carried by one report of each member that is no near-copy."""
    number = len(groups)
    groups[number] = kind
    for agency in members:
        years = [year for year in YEARS if not orders[agency, year].near]
        if years:
            orders[agency, dice.pick(years)].groups.append(number)
