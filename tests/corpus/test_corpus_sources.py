"""Which files a SOURCE means: all of them once, in one order, the odd ones with their reason."""

import os
import socket
from pathlib import Path

import pytest
from corpus_fakes import write_tree

from gknlp.corpus.sources import check_sources, find_inputs, ignored_reason, label_sources
from gknlp.errors import UsageError


def paths_of(inputs):
    return [found.path_bytes for found in inputs]


def find(*sources, apart=Path("nowhere")):
    return list(find_inputs(sources, range(len(sources)), apart=apart))


def test_an_empty_folder_gives_nothing(tmp_path):
    (tmp_path / "deeper").mkdir()
    assert find(tmp_path) == []


def test_paths_come_in_the_order_of_their_bytes(tmp_path):
    write_tree(tmp_path, dict.fromkeys(("a/b.txt", "a.txt", "a-b.txt", "B.txt", "a/a.txt", "年/报.txt", "a0"), "x"))
    found = paths_of(find(tmp_path))
    assert found == sorted(found)
    assert found == [b"B.txt", b"a-b.txt", b"a.txt", b"a/a.txt", b"a/b.txt", b"a0", "年/报.txt".encode()]


def test_a_file_is_its_own_source(tmp_path):
    write_tree(tmp_path, {"a.txt": "x", "b.zip": "x", "c.jsonl": "x"})
    found = find(*(tmp_path / name for name in ("c.jsonl", "a.txt", "b.zip")))
    assert [(f.source, f.path_bytes, f.is_container) for f in found] == [
        (0, b"c.jsonl", True),
        (1, b"a.txt", False),
        (2, b"b.zip", True),
    ]


def test_names_need_not_be_text(tmp_path):
    names = [b"\xff\xfe.txt", b"a\nb.txt", "某镇.txt".encode("gbk")]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"x")
    assert paths_of(find(tmp_path)) == sorted(names)


def test_what_is_no_plain_file_is_skipped_with_its_reason(tmp_path):
    write_tree(tmp_path, {"real/a.txt": "x", ".git/config": "x", "~$a.docx": "x", ".DS_Store": "x", "Thumbs.db": "x"})
    (tmp_path / "link.txt").symlink_to(tmp_path / "real/a.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket"))
        found = {f.path_bytes: (f.outcome, f.reason) for f in find(tmp_path)}
    assert found == {
        b".DS_Store": ("skipped", "editor or system file"),
        b".git": ("skipped", "hidden file"),
        b"Thumbs.db": ("skipped", "editor or system file"),
        b"link.txt": ("skipped", "symbolic link: not followed"),
        b"loop": ("skipped", "symbolic link: not followed"),
        b"pipe.txt": ("skipped", "not a file: named pipe"),
        b"real/a.txt": (None, None),
        b"socket": ("skipped", "not a file: socket"),
        b"~$a.docx": ("skipped", "editor or system file"),
    }


def test_a_link_that_is_named_as_source_is_meant(tmp_path):
    write_tree(tmp_path, {"real/a.txt": "x"})
    (tmp_path / "folder").symlink_to(tmp_path / "real")
    (tmp_path / "b.txt").symlink_to(tmp_path / "real/a.txt")
    found = find(tmp_path / "folder", tmp_path / "b.txt")
    assert [(f.path_bytes, f.outcome) for f in found] == [(b"a.txt", None), (b"b.txt", None)]


def test_a_folder_that_may_not_be_listed(tmp_path, monkeypatch):
    write_tree(tmp_path, {"a/b.txt": "x", "c.txt": "x"})
    scandir = os.scandir

    def refuse(path):
        if os.fspath(path).endswith("a/") or os.path.basename(path) == "a":  # noqa: PTH119 - what scandir is given
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = [(f.path_bytes, f.outcome, f.reason) for f in find(tmp_path)]
    assert found == [(b"a/", "quarantined", "unreadable: Permission denied"), (b"c.txt", None, None)]


def test_corpora_are_no_sources(tmp_path):
    write_tree(tmp_path, {"a.txt": "x", "built/manifests/00000001.json": "{}", "built/segments/x.parquet": "x"})
    assert [(f.path_bytes, f.reason) for f in find(tmp_path)] == [(b"a.txt", None), (b"built/", "a corpus folder")]
    assert paths_of(find(tmp_path, apart=tmp_path / "built")) == [b"a.txt"]


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        ([], "no SOURCE given"),
        (["there", "missing"], "SOURCE does not exist: .*missing"),
        (["pipe"], "neither a folder"),
    ],
)
def test_sources_that_cannot_be_meant(tmp_path, sources, says):
    (tmp_path / "there").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match=says):
        check_sources([tmp_path / source for source in sources])


@pytest.mark.parametrize(
    ("sources", "labels"),
    [([], ()), (["a", "x/a/", "b", "a/../a"], (b"a", b"a#2", b"b", b"a#3"))],
)
def test_labels(sources, labels):
    assert label_sources([Path(source) for source in sources]) == labels


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (b"", None),
        (b"a/b.txt", None),
        (b"../a.txt", None),
        (b"a/.b.txt", "hidden file"),
        (b"__MACOSX/a.txt", "editor or system file"),
        (b"a/desktop.INI", "editor or system file"),
    ],
)
def test_ignored_names(path, reason):
    assert ignored_reason(path) == reason
