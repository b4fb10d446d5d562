"""A zipped Office document (docx, xlsx) as its parts: each gated, each XML part parsed without its powers."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any, TypeAlias

from lxml import etree

from gknlp.readers.gate import GateLimits, check_archive, check_member
from gknlp.readers.unreadable import Unreadable

Element: TypeAlias = Any
"""An lxml element; the library ships no types."""
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, OSError, RuntimeError)
_MAIN_PART = "/officeDocument"
"""What the relation of a document to its main part is called at its end, in the transitional and the strict standard."""


class Package:
    """The parts of one zipped Office document; ``kind`` (docx, xlsx) opens every reason.

    Part names are compared without regard to case and with either slash, as the programs that write them differ.

    Raises
    ------
    Unreadable : encrypted, no zip archive, or more than the gate lets in.
    """

    def __init__(self, data: bytes, kind: str, limits: GateLimits) -> None:
        self._kind = kind
        self._limits = limits
        if data.startswith(_OLE):
            raise Unreadable(f"{kind}: encrypted, or of a version before 2007", "gate")
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except (*_BROKEN, NotImplementedError) as error:
            raise Unreadable(f"{kind}: damaged, or no zip archive", "read") from error
        infos = self._archive.infolist()
        check_archive([info.file_size for info in infos], limits)
        self._infos = {_plain_name(info.filename): info for info in infos}

    def read_part(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is no such part or it is empty.

        Raises
        ------
        Unreadable : encrypted, damaged, too large, or a bomb.
        """
        info = self._infos.get(_plain_name(name))
        if info is None or info.file_size == 0:
            return None
        check_member(name.encode("utf-8", "replace"), info.compress_size, info.file_size, self._limits)
        if info.flag_bits & _ENCRYPTED:
            raise Unreadable(f"{self._kind}: encrypted", "gate")
        try:
            with self._archive.open(info) as handle:
                return handle.read(self._limits.file_bytes + 1)
        except (*_BROKEN, NotImplementedError) as error:
            raise Unreadable(f"{self._kind}: a part is damaged", "read") from error

    def read_xml(self, name: str) -> Element | None:
        """The root of an XML part; None where there is no such part.

        Raises
        ------
        Unreadable : as ``read_part``; also for a part that is no XML, nests too deeply or brings its own declarations.
        """
        data = self.read_part(name)
        return None if data is None else parse_xml(data, self._kind)

    def find_main(self, fallback: str) -> str:
        """The name of the main part as the document's relations give it, else ``fallback``."""
        found = [target for kind, target in self.relations("").values() if kind.endswith(_MAIN_PART)]
        return found[0] if found and _plain_name(found[0]) in self._infos else fallback

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Type and target part by relation id of a part, '' for the whole document; what lies outside is left out."""
        folder, name = posixpath.split(part)
        root = self.read_xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for relation in root if root is not None else ():
            target, mode = relation.get("Target"), relation.get("TargetMode")
            if target and mode != "External":
                place = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")
                found[relation.get("Id") or ""] = (relation.get("Type") or "", place)
        return found


def parse_xml(data: bytes, kind: str) -> Element:
    """The root element; comments and processing instructions are left out.

    Raises
    ------
    Unreadable : no well-formed XML, nested more than 256 deep, or with a document type declaration.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"{kind}: a part is damaged, or no XML", "read") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(f"{kind}: a part declares a document type", "gate")
    return root


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
