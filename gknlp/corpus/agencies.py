"""An agencies file: which names are one agency's (renamed, written otherwise), and which agencies became one (merged)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from gknlp.corpus.flatten import identify_agency
from gknlp.corpus.handwritten import Entry, read_entries
from gknlp.errors import UsageError
from gknlp.places import find_candidates
from gknlp.places.divisions import is_under
from gknlp.schemas import DERIVED
from gknlp.tables import sort_table

REQUIRED = ("name", "successor", "kind")
OPTIONAL = ("since", "note", "region")
KINDS = ("rename", "merger", "alias")
_Place = tuple[str, str]
"""An agency_id with the region that a line is restricted to ('' for none)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One line, resolved: reports of ``agency_id`` are ``successor_id``'s (rename, alias) or were followed by it (merger).

    ``name`` is as written; ``successor`` is the name at the end of the chain of renames, and ``successor_id`` its id. Of
    a merger ``agency_id`` is the id that the predecessor's reports go by.
    """

    agency_id: str
    name: str
    successor_id: str
    successor: str
    since: int | None
    kind: str
    region: str | None
    note: str | None


def read_agencies(data: bytes, name: str = "agencies") -> tuple[Link, ...]:
    """The links of a file, chains of renames followed; () for one that has a header alone.

    Raises
    ------
    UsageError : the line, what it says and what is allowed: an unknown kind, a year that is none, a merger without its
        year, a name that is linked twice, a name that becomes itself, directly or in a circle.
    """
    written: dict[_Place, tuple[Entry, Link]] = {}
    for entry in read_entries(data, name, required=REQUIRED, optional=OPTIONAL):
        link = _read(entry)
        place = (link.agency_id, link.region or "")
        if place in written:
            other = written[place][0].where.rpartition(", ")[2]
            raise UsageError(f"{entry.where}: {link.name!r} has its successor on {other} already; keep one of the two")
        written[place] = (entry, link)
    same = {place: link for place, (_, link) in written.items() if link.kind != "merger"}
    return tuple(_resolve(entry, link, same) for entry, link in written.values())


def map_agencies(reports: pa.Table, links: Sequence[Link]) -> pa.Table:
    """The reports with the agency_id of the last successor by renames and aliases; names stay as the report has them."""
    same = {(link.agency_id, link.region or ""): link for link in links if link.kind != "merger"}
    if not same:
        return reports
    regions: dict[str, list[str]] = {}
    for agency_id, region in sorted(same, key=lambda place: (place[1] == "", place[1])):
        regions.setdefault(agency_id, []).append(region)
    ids = reports["agency_id"].to_pylist()
    for row, agency_id in enumerate(ids):
        if agency_id in regions:
            own = reports["region"][row].as_py(), reports["code"][row].as_py()
            fitting = {
                (first, region): link.successor_id
                for (first, region), link in same.items()
                if not region or lies_in(region, *own)
            }
            ids[row] = _last(agency_id, fitting, regions)
    place = reports.schema.get_field_index("agency_id")
    return reports.set_column(place, "agency_id", pa.array(ids, pa.string()))


def lies_in(region: str, of_report: str | None, code: str | None) -> bool:
    """Whether a report's region, or the division of its code, is a region or lies in it.

    >>> lies_in("北省", "北省云泽县", None), lies_in("福建省", None, "350102"), lies_in("福建省", None, None)
    (True, True, False)
    """
    if of_report is not None and "".join(of_report.split()).startswith(region):
        return True
    return code is not None and any(code == own or is_under(code, own) for own in _codes(region))


def agencies_table(links: Sequence[Link]) -> pa.Table:
    """The derived table ``agencies``."""
    rows = [{name: getattr(link, name) for name in DERIVED["agencies"].names} for link in links]
    return sort_table("agencies", pa.Table.from_pylist(rows, schema=DERIVED["agencies"]))


def _read(entry: Entry) -> Link:
    kind = entry.choose("kind", KINDS, "kind of link")
    name = entry.need("name", "the name of an agency")
    successor = entry.need("successor", "the name that the agency has now")
    since = entry.values["since"]
    if since and not re.fullmatch(r"(?:19|20)\d\d", since, re.ASCII):
        raise UsageError(f"{entry.where}: since = {since!r} is no year; it is the first year of the new name, as 2019")
    if kind == "merger":
        entry.need("since", "the first year of the merged agency: without it, no year can be told its predecessors")
    agency_id, successor_id = identify_agency(name), identify_agency(successor)
    if agency_id is None or successor_id is None or agency_id == successor_id:
        raise UsageError(f"{entry.where}: {name!r} and {successor!r} are one name already: nothing to link")
    return Link(
        agency_id=agency_id,
        name=name,
        successor_id=successor_id,
        successor=successor,
        since=int(since) if since else None,
        kind=kind,
        region="".join(entry.values["region"].split()) or None,
        note=entry.values["note"] or None,
    )


def _resolve(entry: Entry, link: Link, same: Mapping[_Place, Link]) -> Link:
    """The link with the ids and the name at the ends of the chains of renames."""
    successor_id, successor = _follow(entry, link.successor_id, link, same)
    own = _follow(entry, link.agency_id, link, same)[0] if link.kind == "merger" else link.agency_id
    if own == successor_id:
        raise UsageError(
            f"{entry.where}: {link.name!r} becomes itself: its successor {link.successor!r} leads back to it"
        )
    return Link(
        agency_id=own,
        name=link.name,
        successor_id=successor_id,
        successor=successor,
        since=link.since,
        kind=link.kind,
        region=link.region,
        note=link.note,
    )


def _last(agency_id: str, links: Mapping[_Place, str], regions: Mapping[str, Sequence[str]]) -> str:
    """Where an id ends by links that fit a report: those of a region before those of none."""
    met = {agency_id}
    while onward := next((links[agency_id, r] for r in regions.get(agency_id, ()) if (agency_id, r) in links), None):
        if onward in met:
            break
        agency_id = onward
        met.add(onward)
    return agency_id


def _follow(entry: Entry, agency_id: str, link: Link, same: Mapping[_Place, Link]) -> tuple[str, str]:
    """Where a name ends by renames of the link's region, else of no region: the last id and name."""
    region, met, name = link.region or "", {agency_id}, link.successor
    while (onward := same.get((agency_id, region)) or same.get((agency_id, ""))) is not None:
        agency_id, name = onward.successor_id, onward.successor
        if agency_id in met:
            raise UsageError(f"{entry.where}: {link.name!r} comes in a circle: {name!r} is its own successor")
        met.add(agency_id)
    return agency_id, name


@cache
def _codes(region: str) -> tuple[str, ...]:
    return tuple(division.code for division in find_candidates(region))
