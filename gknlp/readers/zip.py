"""Zip archives: members as bytes, never unpacked to disk, never trusted for size or name."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from gknlp.readers.container import Content, Member, fallback_name
from gknlp.readers.gate import GateLimits, check_archive, check_container_size, check_member
from gknlp.readers.sniff import container_type
from gknlp.readers.unreadable import Unreadable

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError)


class ZipContainer:
    """An open zip archive.

    Raises
    ------
    Unreadable : no zip archive, too many members, or too much in it.
    """

    def __init__(self, path: Path, limits: GateLimits) -> None:
        self._limits = limits
        check_container_size(path.stat().st_size, limits)
        try:
            self._archive = zipfile.ZipFile(path)
        except (*_BROKEN, NotImplementedError) as error:
            raise Unreadable("zip: damaged, or no zip archive", "read") from error
        self._infos = [info for info in self._archive.infolist() if not info.is_dir()]
        try:
            check_archive([info.file_size for info in self._infos], limits)
        except Unreadable:
            self.close()
            raise

    def members(self) -> Iterator[Member]:
        """The files in it, in the order of its directory."""
        for index, info in enumerate(self._infos):
            yield Member(_name_bytes(info), index + 1, index, info.file_size)

    def fetch(self, member: Member) -> bytes:
        """The member's bytes, expanded.

        Raises
        ------
        Unreadable : a name, size or kind the gate refuses, or bytes that do not expand to what the archive claims.
        """
        info = self._infos[member.start]
        check_member(_name_bytes(info), info.compress_size, info.file_size, self._limits)
        if info.flag_bits & _ENCRYPTED:
            raise Unreadable("zip: member is encrypted", "gate")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Unreadable("zip: member is a symbolic link", "gate")
        if container_type(_name_bytes(info)):
            raise Unreadable("zip: a container inside a container is not opened", "gate")
        try:
            with self._archive.open(info) as handle:
                return handle.read(self._limits.file_bytes + 1)
        except NotImplementedError as error:
            raise Unreadable("zip: member is packed in a way that is not supported", "read") from error
        except (*_BROKEN, OSError, RuntimeError) as error:
            raise Unreadable("zip: member is damaged", "read") from error

    def interpret(self, member: Member, data: bytes) -> Content:
        """The bytes under the member's own name."""
        return Content(member.name or fallback_name(member), data)

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()


def _name_bytes(info: zipfile.ZipInfo) -> bytes:
    """The name as it stands in the archive; the standard library reads what is not marked as UTF-8 as CP437."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_NAME else "cp437", "surrogateescape")
