"""Word 97, WPS and RTF files through LibreOffice, where it is installed; its .docx is then read like any other."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from gknlp.readers.docx import read_docx
from gknlp.readers.linear import Linear
from gknlp.readers.unreadable import Unreadable

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 25.0
"""Below the engine's deadline of 30 seconds an item, so that the reason is said here; a start takes 2 to 5 seconds."""
_MOST_BYTES = 256 << 20
_SAFE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse">
<value>true</value></prop></item>
</oor:items>
"""
"""A profile that runs no macros and follows no links out of the document."""


def read_doc(data: bytes) -> Linear:
    """The text and tables of a Word 97-2003 file.

    Raises
    ------
    Unreadable : no LibreOffice on this machine, or it makes no .docx of the file in time.
    """
    return read_docx(convert_to_docx(data, ".doc"))


def read_wps(data: bytes) -> Linear:
    """The text and tables of a WPS Writer file; raises like ``read_doc``."""
    return read_docx(convert_to_docx(data, ".wps"))


def read_rtf(data: bytes) -> Linear:
    """The text and tables of an RTF file; raises like ``read_doc``."""
    return read_docx(convert_to_docx(data, ".rtf"))


def convert_to_docx(data: bytes, suffix: str, *, seconds: float = _SECONDS) -> bytes:
    """The bytes of the .docx that LibreOffice makes of a file, in a profile and a folder of its own.

    Raises
    ------
    Unreadable : no LibreOffice on this machine, no .docx after ``seconds``, or none at all.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise Unreadable(
            f"no reader for {suffix} without LibreOffice: install it (Debian: apt-get install libreoffice-writer)"
            " or save the file as .docx",
            "read",
        )
    with tempfile.TemporaryDirectory(prefix="gknlp-office-", ignore_cleanup_errors=True) as folder:
        return _convert(program, Path(folder), data, suffix, seconds)


def _convert(program: str, folder: Path, data: bytes, suffix: str, seconds: float) -> bytes:
    source, profile, made = folder / f"in{suffix}", folder / "profile", folder / "out" / "in.docx"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SAFE, "utf-8")
    source.write_bytes(data)
    command = [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--invisible", "--nologo", "--norestore", "--nolockcheck", "--nodefault"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(made.parent), str(source)),
    ]
    _run(command, folder, suffix, seconds)
    if not made.is_file() or made.is_symlink() or not 0 < made.stat().st_size <= _MOST_BYTES:
        raise Unreadable(f"{suffix[1:]}: LibreOffice cannot read it", "read")
    return made.read_bytes()


def _run(command: list[str], folder: Path, suffix: str, seconds: float) -> None:
    """Run it with all that it starts in a process group of its own, of which nothing is left behind."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder)}
    try:
        process = subprocess.Popen(  # noqa: S603 - a program found on PATH, arguments made here, no shell
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise Unreadable(f"{suffix[1:]}: LibreOffice does not start", "read") from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise Unreadable(f"{suffix[1:]}: LibreOffice took longer than {seconds:g} seconds", "read") from None
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
