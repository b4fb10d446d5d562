"""Word 97, WPS and RTF: through a LibreOffice that is there, that is not there, that hangs, that makes nothing."""

import os
import time
from pathlib import Path

import pytest

from gknlp.readers import office
from gknlp.readers.container import Content
from gknlp.readers.read import read_document
from gknlp.readers.unreadable import Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.fixture
def soffice(tmp_path, monkeypatch):
    """Puts a program named soffice on a PATH that has nothing else of its kind; its arguments land in a file."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")

    def install(script):
        program = tmp_path / "bin" / "soffice"
        program.write_text(f'#!/bin/sh\nPATH=/usr/bin:/bin\necho "$@" > {tmp_path}/arguments\n{script}\n', "utf-8")
        program.chmod(0o755)
        return tmp_path

    return install


LAST = 'for word in "$@"; do [ "$before" = --outdir ] && out=$word; before=$word; done; mkdir -p "$out"; '
COPY = LAST + 'cp "$before" "$out/in.docx"'
LINK = LAST + 'ln -s /etc/passwd "$out/in.docx"'


@pytest.mark.parametrize("suffix", [".doc", ".wps", ".rtf"])
def test_without_libreoffice_the_reason_says_what_to_do(tmp_path, monkeypatch, suffix):
    monkeypatch.setenv("PATH", str(tmp_path))
    data = b"{\\rtf1 x}" if suffix == ".rtf" else OLE
    with pytest.raises(Unreadable) as caught:
        read_document(Content(b"r" + suffix.encode(), data), path_bytes=b"r")
    assert caught.value.reason == (
        f"no reader for {suffix} without LibreOffice: install it (Debian: apt-get install libreoffice-writer)"
        " or save the file as .docx"
    )


def test_the_file_is_converted_in_a_folder_of_its_own(soffice):
    place = soffice(COPY)
    assert office.convert_to_docx(b"bytes of a file", ".doc") == b"bytes of a file"
    arguments = (place / "arguments").read_text("utf-8")
    assert "--headless" in arguments
    assert "--convert-to docx" in arguments
    assert not Path(arguments.split()[-1]).parent.exists()


def test_macros_are_off_and_nothing_of_the_environment_but_the_path_is_passed_on(soffice, monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET", "x")
    soffice(f'env > "{tmp_path}/env"; cp "${{1#*file:/}}/user/registrymodifications.xcu" "{tmp_path}/xcu"; {COPY}')
    office.convert_to_docx(b"x", ".rtf")
    assert "SECRET" not in (tmp_path / "env").read_text("utf-8")
    assert "DisableMacrosExecution" in (tmp_path / "xcu").read_text("utf-8")


def test_what_it_made_is_read_as_docx(soffice):
    soffice(COPY)
    with pytest.raises(Unreadable) as caught:
        office.read_doc(OLE)
    assert "docx" in caught.value.reason or "zip" in caught.value.reason


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 0", "doc: LibreOffice cannot read it"),
        ("exit 77", "doc: LibreOffice cannot read it"),
        (LINK, "doc: LibreOffice cannot read it"),
    ],
)  # fmt: skip
def test_nothing_made(soffice, script, reason):
    soffice(script)
    with pytest.raises(Unreadable) as caught:
        office.convert_to_docx(OLE, ".doc")
    assert caught.value.reason == reason


def test_a_hanging_program_is_ended_with_all_that_it_started(soffice):
    place = soffice("sleep 60 & echo $! > ${0%/*}/child; wait")
    start = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        office.convert_to_docx(OLE, ".doc", seconds=0.5)
    assert (caught.value.reason, time.monotonic() - start < 10) == (
        "doc: LibreOffice took longer than 0.5 seconds",
        True,
    )
    child = int((place / "bin" / "child").read_text("utf-8"))
    for _ in range(50):
        if not _runs(child):
            break
        time.sleep(0.1)
    assert not _runs(child)


def test_a_program_that_does_not_start(soffice):
    place = soffice("exit 0")
    (place / "bin" / "soffice").write_text("#!/no/such/shell\n", "utf-8")
    with pytest.raises(Unreadable, match="doc: LibreOffice does not start"):
        office.convert_to_docx(OLE, ".doc")


def _runs(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
