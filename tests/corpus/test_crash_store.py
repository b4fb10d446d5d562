"""A build whose disk fails, dies or loses power at any call: a committed prefix is left, and building again ends the same."""

import shutil

import pytest
from corpus_fakes import QUICK, digest_of, options, text_of, write_tree
from crash_disk import MODES, Disk, Killed, run_here

from gknlp.corpus.build import build_corpus
from gknlp.corpus.corpus import Corpus
from gknlp.errors import CorpusError

FEW = 37
"""The plain set takes every so manieth call."""
ONE_BATCH = options(chunk_batches=1, limits=QUICK)


def first_files(folder):
    return write_tree(folder, {"a.txt": text_of("云溪镇", 2021, "旧文一条")})


def all_files(folder):
    more = {f"{k}.txt": text_of(f"柳河镇{k}", 2021, f"公开信息{k}条") for k in range(4)}
    return write_tree(
        folder,
        {
            **more,
            "bad.txt": "RAISE",
            "a.txt": text_of("云溪镇", 2021, "新文两条"),
            "z.txt": text_of("青石街道", 2021, "末"),
        },
    )


def build(folder, to):
    return build_corpus([folder], to, options=ONE_BATCH)


def last_manifest(to):
    try:
        return Corpus.open(to).manifest_number
    except CorpusError as error:
        assert "is no corpus" in str(error)
        return 0


def hash_of(to, number):
    return Corpus.open(to, manifest=number).hash if number else None


class World:
    """A folder of inputs, the corpus as it was before the build under test, and what an undisturbed build makes of it."""

    def __init__(self, top, extended, patch):
        patch.setattr("gknlp.corpus.build.run_batches", run_here)
        patch.setattr("gknlp.corpus.plan.run_batches", run_here)
        self.top, self.inputs, self.before = top, top / "in", top / "before" / "c"
        self.before.parent.mkdir()
        if extended:
            build(first_files(self.inputs), self.before)
        all_files(self.inputs)
        self.n_before = last_manifest(self.before)
        to = self.fresh("whole")
        with pytest.MonkeyPatch.context() as inner:
            disk = Disk(to)
            disk.install(inner)
            build(self.inputs, to)
        self.calls, self.n_after = disk.calls, last_manifest(to)
        self.hashes = [hash_of(to, number) for number in range(self.n_after + 1)]
        self.files = digest_of(to / "segments"), digest_of(to / "manifests")

    def fresh(self, name):
        to = self.top / name / "c"
        shutil.rmtree(to.parent, ignore_errors=True)
        to.parent.mkdir()
        if self.before.exists():
            shutil.copytree(self.before, to)
        return to

    def break_at(self, mode, at):
        """The corpus folder after a build with one fault, and the disk."""
        to = self.fresh("broken")
        disk = Disk(to, mode, at)
        with pytest.MonkeyPatch.context() as patch:
            disk.install(patch)
            if mode == "error":
                try:
                    build(self.inputs, to)
                except CorpusError as error:
                    assert "No space left on device" in str(error), error
            else:
                with pytest.raises(Killed):
                    build(self.inputs, to)
        return to, disk

    def check(self, to, *, at_least=0):
        """What is there is a committed prefix, and building again gives what the undisturbed build gave."""
        left = last_manifest(to)
        assert left >= at_least
        assert hash_of(to, left) == self.hashes[left]
        build(self.inputs, to)
        assert (digest_of(to / "segments"), digest_of(to / "manifests")) == self.files
        assert Corpus.open(to).hash == self.hashes[-1]
        assert list((to / "aside").iterdir()) == []


@pytest.fixture(scope="module", params=["new", "extended"])
def world(request, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield World(tmp_path_factory.mktemp(request.param), request.param == "extended", patch)


def points_of(world, mode):
    """All calls; half of a write is left by writes alone."""
    return [at for at, name in enumerate(world.calls, 1) if name == "write" or mode != "torn"]


def try_all(world, mode, points):
    for at in points:
        to, disk = world.break_at(mode, at)
        if mode == "power":
            folders = disk.unsynced_folders()
            disk.lose(folders[at % len(folders)])
        world.check(to, at_least=world.n_before + disk.durable_links)


def test_the_build_under_test_has_several_commits_and_every_kind_of_call(world):
    assert world.n_after - world.n_before == 2
    assert set(world.calls) >= {"create", "write", "fsync", "mkdir", "replace", "link", "unlink"}
    assert len(set(world.hashes)) == world.n_after + 1


def test_nothing_is_written_behind_the_back_of_the_disk(world):
    """From the first call on the disk is dead: what changed below the folder all the same was not counted."""
    to, _ = world.break_at("kill", 1)
    expected = digest_of(world.before) if world.before.exists() else {}
    assert digest_of(to) == expected


@pytest.mark.parametrize("mode", MODES)
def test_a_fault_at_some_calls(world, mode):
    points = points_of(world, mode)
    try_all(world, mode, points[MODES.index(mode) :: FEW if len(points) > 2 * FEW else 7])


@pytest.mark.nightly
@pytest.mark.parametrize("mode", MODES)
def test_a_fault_at_every_call(world, mode):
    try_all(world, mode, points_of(world, mode))
