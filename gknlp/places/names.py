"""How a division's name is written: official, without its nationality, and bare."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_AUTONOMOUS = {"自治区": "自治区", "自治州": "州", "自治县": "县", "自治旗": "旗"}
_NATIONAL = ("族区", "族乡", "族镇", "族苏木")
_BARE = ("自治区", "自治州", "省", "市", "地区", "盟")


@cache
def words() -> Mapping[str, tuple[str, ...]]:
    """The word lists of names.toml by key."""
    data = tomllib.loads(files("gknlp.places").joinpath("names.toml").read_text(encoding="utf-8"))
    return {key: tuple(value) for key, value in data.items()}


def full_names(name: str) -> tuple[str, ...]:
    """The name and the other ways to write it that keep its ending, without repeats.

    >>> full_names("恩施土家族苗族自治州"), full_names("管城回族区"), full_names("和平街道"), full_names("巨源镇")
    (('恩施土家族苗族自治州', '恩施自治州', '恩施州'), ('管城回族区', '管城区'), ('和平街道', '和平办事处'), ('巨源镇',))
    """
    if name.endswith("街道"):
        return (name, name[:-2] + "办事处")
    if "族" not in name and "自治" not in name:
        return (name,)
    if name.endswith(("自治区", "自治州", "自治县", "自治旗")):
        base = drop_nationalities(name[:-3])
        written: tuple[str, ...] = (name, base + name[-3:], base + _AUTONOMOUS[name[-3:]])
    elif name.endswith(_NATIONAL):
        end = name.rindex("族") + 1
        written = (name, drop_nationalities(name[:end]) + name[end:])
    else:
        return (name,)
    return tuple(dict.fromkeys(written))


def bare_name(name: str) -> str:
    """A province's or city's name without its ending and nationality (黑龙江, 恩施); '' for a name without an ending.

    >>> bare_name("广西壮族自治区"), bare_name("海南藏族自治州"), bare_name("喀什地区")
    ('广西', '海南', '喀什')
    """
    ending = next((ending for ending in _BARE if name.endswith(ending)), "")
    base = name[: -len(ending)] if ending else ""
    return drop_nationalities(base) if ending.startswith("自治") else base


def drop_nationalities(base: str) -> str:
    """The name before its nationalities (民族); a name that is nothing else keeps the first without 族.

    >>> drop_nationalities("双江拉祜族佤族布朗族傣族"), drop_nationalities("鄂温克族"), drop_nationalities("西藏")
    ('双江', '鄂温克', '西藏')
    """
    left = base
    while True:
        stem = left.removesuffix("族")
        ends = sorted((n for n in words()["nationalities"] if stem.endswith(n)), key=len, reverse=True)
        # 蒙古 and its like also stand without 族; a single character does so only by chance (西藏).
        ends = [n for n in ends if stem != left or len(n) > 1]
        if not ends:
            return left
        if len(stem) - len(ends[0]) < 2:
            return stem
        left = stem[: -len(ends[0])]
