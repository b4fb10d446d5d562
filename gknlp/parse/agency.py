"""The reporting agency (机关): its name from the title or another place, its kind and level from the name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gknlp.parse.outline import Outline
from gknlp.places import resolve_agency
from gknlp.records import Agency, Diagnostic, Found, Span

_NAME = r"(?:[一-鿿㐀-䶿·、 ]|[（(](?!以下|下称|简称|地址|一|二|三)[一-鿿]{1,12}[）)]){2,30}?"
_SUFFIX = re.compile(
    r"(?:政府|办事处|街道|镇|乡|苏木|县|区|市|旗|盟|省|局|委员会|委|办公室|办|厅|院|中心|管委会|海关|大队|支队|总队|学校|中学|小学|学院|大学|医院|公司|集团"
    r"|联合会|协会|社|站|所|部|署|银行|行|筹备处|园区|开发区)$"
)
# What announces the report, in the order agencies say it; 《 stands before the name where the title is cited.
_ANNOUNCE = r"(?:现将|(?:现|特|并|予以)?(?:将|予)?(?:向(?:全)?社会)?(?:公布|公开|发布)|编制了?|梳理编制|撰写了?)\s*《?"
_DONE = r"(?:认真|高度重视|全面|深入|严格|积极|持续|坚持|进一步|始终|切实|紧紧围绕|围绕|以|不断|扎实|着力|立足|继续|坚决|大力|主动|共|全年|按照|根据|依据)"
_PLACES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "announced",
        re.compile(rf"{_ANNOUNCE}(?P<name>{_NAME})(?:[（(](?:以下|下称|简称)[^）)]*[）)])?(?:关于)?20\d\d\s*年"),
    ),
    ("announced", re.compile(rf"{_ANNOUNCE}20\d\d\s*年度?\s*(?P<name>{_NAME})(?:政府|政务)?信息公开")),
    ("compiler", re.compile(rf"由(?P<name>{_NAME})(?:负责|组织)?(?:编制|编写|根据|按照|依据|综合|汇总)")),
    ("subject", re.compile(rf"(?<![一-鿿\w])(?P<name>{_NAME})(?:根据|按照|依据|严格按照)")),
    (
        "contact",
        re.compile(rf"(?:请与|请联系[:：]?|联系单位[:：]\s*|直接与|向)\s*(?P<name>{_NAME})(?:联系|联络|[（(，。;；,])"),
    ),
    (
        "concerning",
        re.compile(
            rf"(?:做好|结合|梳理|承担|开展)(?:20\d\d年度?)?(?P<name>{_NAME})(?:[（(](?:以下|下称|简称)[^）)]*[）)])?(?:各[一-鿿]{{2,4}}的)?(?:政府|政务)?信息公开"
        ),
    ),
    ("opening", re.compile(rf"(?:(?<=[\n\r。；，,])|(?<=20\d\d年)|(?<=20\d\d年度)|\A)(?!度)(?P<name>{_NAME}){_DONE}")),
    ("address", re.compile(rf"地址[:：]\s*(?P<name>{_NAME})[，,;；。）)]")),
)
"""Most trusted first; a signature stands before the last three."""
_AFTER_SIGNATURE = ("concerning", "opening", "address")
# The office in an agency that compiles its report or answers the telephone is not the agency.
_OFFICE = re.compile(
    r"(?P<agency>.+?(?:人民政府|街道|办事处|管委会|委员会|镇|乡|苏木|局|厅|[学院]|署|关))(?:二楼|三楼|一楼)?(?:机关)?(?P<office>(?:党政(?:综合)?|综合|政务|行政)?(?:办公室|办)(?:综合科|综合股)?|党政办公室综合科|综合[一-鿿]{0,4}办公室|综合[科股处]"
    r"|(?:政府)?(?:信息|政务)公开[一-鿿]{0,10}|办公[室厅](?:政府|政务|信息)[一-鿿]{0,6}公开[一-鿿]{0,6})$"
)
_RELATIVE = re.compile(
    r"^(?:省|市|县|区|旗|州|盟|乡|镇|街道|局|政府|委|分局|工业园|园区)(?!中区)|[、，]|等|^(?:国务院|中共|党|习近平)|委县政府$|^在|[我本]|情况|工作"
)
# 贵阳市, 本溪市 and 全州县 are places; 贵局, 本县 and 全州 are not.
_SELF = re.compile(
    r"^(?:我|各|该|其|这)|^(?:本|全|贵)(?:[局镇乡县区市省旗盟街办委院校关单机部厅处级年报]|州(?![省县])|苏木)|单位$|机关$"
)
_OTHER = re.compile(
    r"(?:税务局|海关|气象局|管理委员会|管委会|学校|中学|小学|学院|大学|医院|公司|集团|烟草|电力|合作社|联合社|供销社|银行|筹备处|园区|开发区|办公室主任|[一二三四五六七八九十]中$)"
)
_TOWN = re.compile(r"(?:镇|乡|街道|苏木)(?:人民政府|政府|办事处)?$|街道办事处$|办事处$")
_GOVERNMENT = re.compile(
    r"(?:(?<!工业)(?<!开发)(?:省|市|县|区|旗|盟|州|自治区|特区|林区)|人民政府|行政公署|行署)(?:人民政府|政府)?(?:办公室|办公厅)?(?:[（(].*[）)])?$"
)
_COUNTY_SIGN = re.compile(r"各(?:乡镇|镇乡|乡|镇|街道|乡[（(]镇[)）])")
_CITY_SIGN = re.compile(r"各(?:县|区县|县区|市县|县[（(]市)")
_BRACKET_AT_END = re.compile(r"[（(][^（()）]*[）)]$")
_REACH, _SUBJECT_REACH = 1500, 200
_OFFICE_RULES = ("compiler", "contact", "address")
MISSING = Found(None, "missing")


def find_agency(text: str, outline: Outline, title: Found, hints: Mapping[str, str]) -> tuple[Agency, list[Diagnostic]]:
    """The agency as the title gives it; else as an announcement, compiler line, signature or the container says."""
    signer = _signer(text, outline)
    name = (
        title if title.value is not None and not _SELF.search(str(title.value)) else _elsewhere(text, outline, signer)
    )
    if name.value is None and (hinted := hints.get("agency") or hints.get("series")):
        name = Found(hinted, "found", (), "hint")
    diagnostics = []
    if name.value is None:
        diagnostics.append(Diagnostic("agency_missing", "warning"))
    elif signer.value is not None and _contradict(str(name.value), str(signer.value)):
        name = Found(name.value, "conflict", (*name.evidence, *signer.evidence), name.rule)
        diagnostics.append(
            Diagnostic("agency_conflict", "warning", signer.evidence[0], str(name.value), str(signer.value))
        )
    level, kind = classify_agency(str(name.value or ""), text)
    place = resolve_agency(str(name.value or ""), region=hints.get("region"), hints=_context(signer, hints))
    if place is not None and place.exact:
        level = place.level
    code = place.code if place is not None and place.exact else None
    return Agency(name, hints.get("level") or level, hints.get("kind") or kind, code), diagnostics


def _context(signer: Found, hints: Mapping[str, str]) -> tuple[str, ...]:
    """Other names that may decide between divisions of one name: the signature's and what the container says."""
    return tuple(str(name) for name in (signer.value, hints.get("agency")) if name)


def _signer(text: str, outline: Outline) -> Found:
    if outline.signer is None:
        return MISSING
    name = re.sub(r"\s", "", text[outline.signer.start : outline.signer.end])
    return (
        Found(name, "found", (outline.signer,), "signature")
        if _SUFFIX.search(name) and not _SELF.search(name)
        else MISSING
    )


def _elsewhere(text: str, outline: Outline, signer: Found) -> Found:
    regions = [outline.bodies[key] for key in ("preamble", "overview", "summary") if key in outline.bodies]
    for rule, pattern in _PLACES:
        if rule in _AFTER_SIGNATURE and signer.value is not None:
            return signer
        for region in regions:
            stop = min(region.end, region.start + (_SUBJECT_REACH if rule == "subject" else _REACH))
            for match in pattern.finditer(text, region.start, stop):
                found = _named(text, match, rule)
                if found is not None:
                    return found
    return signer


def _named(text: str, match: re.Match[str], rule: str) -> Found | None:
    """The agency that a place names, without its office; None for a self-reference, a bare 县财政局, no agency at all."""
    start, end = match.span("name")
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip("、 "))
    name = re.sub(r"\s", "", raw.strip("、 "))
    if rule in _OFFICE_RULES:
        name = strip_office(name)
    doubled = re.match(r"(.{2,8})\1", name)
    if doubled:
        name, start = name[len(doubled[1]) :], start + len(doubled[1])
    if len(name) < 2 or not _SUFFIX.search(_BRACKET_AT_END.sub("", name)) or _SELF.search(name):
        return None
    if _RELATIVE.search(name):
        return None
    return Found(name, "found", (Span(start, min(start + len(name), end)),), rule)


def strip_office(name: str) -> str:
    """The agency whose office is named; the office of a county's or higher government is an agency itself.

    >>> strip_office("云泽县教育局办公室"), strip_office("柳湾镇人民政府党政办"), strip_office("云泽县人民政府办公室")
    ('云泽县教育局', '柳湾镇人民政府', '云泽县人民政府办公室')
    """
    found = _OFFICE.fullmatch(name)
    if found is None:
        return name
    agency, office = found["agency"], found["office"]
    if agency.endswith("人民政府") and office.startswith("办公") and not _TOWN.search(agency):
        return agency + office[:3]
    return agency


def _contradict(name: str, signer: str) -> bool:
    """Whether title and signature name agencies of different places or kinds; 人民政府 added is none."""
    a, b = _core(name), _core(signer)
    if a in b or b in a:
        return False
    pairs = {a[i : i + 2] for i in range(len(a) - 1)}
    return not any(b[i : i + 2] in pairs for i in range(len(b) - 1))


def _core(name: str) -> str:
    return re.sub(r"(?:人民政府|政府|办事处|办公室|办公厅)+$", "", name)


def classify_agency(name: str, text: str = "") -> tuple[str | None, str | None]:
    """Level and kind of an agency by its name; None where the name does not tell.

    A bare …市 is a prefecture-level or a county-level city: the text decides by whom it instructs (各县区 or 各乡镇).

    >>> classify_agency("云泽县柳湾镇人民政府"), classify_agency("云泽县财政局"), classify_agency("云泽市")
    (('township', 'government'), ('county', 'department'), (None, 'government'))
    """
    if not name:
        return None, None
    if _TOWN.search(name) and not _OTHER.search(name):
        return "township", "government"
    other = _OTHER.search(name)
    kind = "other" if other else "government" if _GOVERNMENT.search(name) else "department"
    return _level(name, text, kind), kind


def _level(name: str, text: str, kind: str) -> str | None:
    zone = re.search(r"自治区(?!.*[县旗])|开发区|经开区|园区|新区|高新区", name)
    district = re.search(r"市[^市]{1,6}区", name) or re.search(r"[^地社园校院关新]区", _core(name))
    if re.search(r"[县旗](?!级)", name) or (district and not zone):
        return "county"
    if "市" in name and not zone:
        return _city_level(text, kind)
    named = (
        (r"[州盟](?!区)", "city"),
        (r"省|自治区|^(?:内蒙古|广西|西藏|宁夏|新疆)", "province"),
        (
            r"^(?:国家(?!税务总局.+税务局)|中华人民共和国|国务院)|^[^省市县区旗乡镇]{2,8}(?:(?<!武装)(?<!宣传)(?<!组织)部|总署)(?:[（(].*)?$",
            "national",
        ),
    )
    return next((level for pattern, level in named if re.search(pattern, name)), None)


def _city_level(text: str, kind: str) -> str | None:
    """A city of prefecture or county level, by whom its text instructs; None where that does not show."""
    if _CITY_SIGN.search(text):
        return "city"
    return "county" if _COUNTY_SIGN.search(text) and kind == "government" else None
