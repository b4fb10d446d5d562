"""A block is one made-up province: its agencies in two cities and four counties, and the days on which they publish."""

from __future__ import annotations

from planted_parts.dice import Dice
from planted_parts.grammar import load_grammar
from planted_parts.model import Agency

YEARS = (2019, 2020, 2021, 2022, 2023)
BLOCK_AGENCIES = 60
BLOCK_DOCUMENTS = BLOCK_AGENCIES * len(YEARS)
OFFICES = ("财政局", "教育局", "水利局", "民政局", "林业局", "档案局")


def name_province(seed: str, block: int) -> str:
    """The name of a block's province."""
    return _name(Dice(f"{seed}.province.{block}")) + "省"


def list_agencies(seed: str, block: int, n_agencies: int) -> list[Agency]:
    """The block's first ``n_agencies`` agencies, counties and cities in turn, so that a small block has all regions."""
    dice = Dice(f"{seed}.agencies.{block}")
    province = name_province(seed, block)
    cities = [_name(dice) + "市" for _ in range(2)]
    regions = [(f"{cities[number // 2]}{_name(dice)}县", False) for number in range(4)] + [
        (city, True) for city in cities
    ]
    agencies: list[Agency] = []
    for number in range(n_agencies):
        region, is_city = regions[number % len(regions)]
        rank = number // len(regions)
        place = region if is_city else region[region.index("市") + 1 :]
        agencies.append(
            _make_agency(dice, rank, (place, f"{province}{region}", province), f"{block}-{number}", is_city)
        )
    return agencies


def _make_agency(dice: Dice, rank: int, names: tuple[str, str, str], series: str, is_city: bool) -> Agency:
    place, region, province = names
    level = "市" if is_city else "县"
    if rank == 0:
        name, selves = f"{place}人民政府", [f"我{level}", place]
    elif is_city or rank > 6:
        office = OFFICES[rank % len(OFFICES)]
        name, selves = f"{place}{office}", ["我局", "本局", f"{place}{office}"]
    else:
        town = _name(dice) + "镇"
        name, selves = f"{place}{town}人民政府", ["我镇", "全镇", town]
    return Agency(name=name, series=series, region=region, province=province, selves=(*selves, "本单位"))


def date_report(seed: str, series: str, year: int) -> str:
    """The day on which the report on ``year`` was published: January to March of the next year, as the law has it."""
    dice = Dice(f"{seed}.published.{series}.{year}")
    return f"{year + 1}-{dice.between(1, 3):02d}-{dice.between(1, 28):02d}"


def _name(dice: Dice) -> str:
    banks = load_grammar().banks
    return dice.pick(banks["site_a"]) + dice.pick(banks["site_b"])
