"""A disk that fails, dies or loses power at its n-th call: what a build asks of the system below one folder, counted."""

# It stands in for os and is asked with what os is asked with.
# ruff: noqa: PTH100, PTH108, PTH110, PTH112, PTH120

import errno
import io
import os
import shutil
from pathlib import Path

from gknlp.engine.base import Failure, Outcome
from gknlp.engine.worker import make_job

MODES = ("error", "kill", "torn", "power")


class Killed(BaseException):
    """Stands for the end of the process: whoever catches OSError or Exception does not catch it."""


class Disk:
    """Calls that change what lies below ``folder``, or make it durable.

    ``error``: call ``at`` fails, the disk being full. ``kill``: from call ``at`` on nothing happens any more, also not in
    handlers that a real process would not live to run. ``torn``: the same, but the write of call ``at`` is done by half.
    ``power``: as ``kill``, and whatever was not made durable can be taken back by ``lose``.
    """

    def __init__(self, folder, mode=None, at=0):
        self.folder, self.mode, self.at = os.fspath(folder), mode, at
        self.calls = []
        self.dead = False
        self._handles = {}
        self._unsynced_files = set()
        self._unsynced_entries = []
        self.durable_links = 0

    def install(self, patch):
        self._real = {
            name: getattr(os, name) for name in ("open", "fsync", "mkdir", "rename", "replace", "link", "unlink")
        }
        self._real_open = io.open
        patch.setattr(io, "open", self._open_file)
        for name in self._real:
            patch.setattr(os, name, getattr(self, f"_{name}"))

    # Calls -----------------------------------------------------------------------------------------------------------

    def _step(self, name, path):
        if self.dead:
            raise Killed
        self.calls.append(name)
        if len(self.calls) == self.at:
            if self.mode == "error":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
            self.dead = True
            if not (self.mode == "torn" and name == "write"):
                raise Killed

    def _inside(self, path):
        return isinstance(path, (str, os.PathLike)) and os.path.abspath(path).startswith(self.folder)

    def _open_file(self, file, mode="r", *args, **more):
        if not self._inside(file) or mode in ("r", "rb"):
            return self._real_open(file, mode, *args, **more)
        created = not os.path.exists(file)
        self._step("create", file)
        handle = self._real_open(file, mode.replace("t", "").replace("b", "") + "b", buffering=0)
        if created:
            self._unsynced_entries.append((os.path.dirname(file), "create", lambda: self._forget(file)))
        return _Handle(self, handle, os.fspath(file), text="b" not in mode)

    def _open(self, path, flags, mode=0o777, **more):
        changes = self._inside(path) and flags & os.O_CREAT
        if changes:
            self._step("create", path)
        descriptor = self._real["open"](path, flags, mode, **more)
        if self._inside(path) or os.path.abspath(path) == os.path.dirname(self.folder):
            self._handles[descriptor] = os.path.abspath(path)
        return descriptor

    def _fsync(self, descriptor):
        path = self._handles.get(descriptor)
        if path is None:
            return self._real["fsync"](descriptor)
        self._step("fsync", path)
        self._real["fsync"](descriptor)
        if os.path.isdir(path):
            self.durable_links += sum(place == path and name == "link" for place, name, _ in self._unsynced_entries)
            self._unsynced_entries = [entry for entry in self._unsynced_entries if entry[0] != path]
        else:
            self._unsynced_files.discard(os.fstat(descriptor).st_ino)
        return None

    def _mkdir(self, path, mode=0o777, **more):
        if self._inside(path) and not os.path.isdir(path):
            self._step("mkdir", path)
            self._note("mkdir", path, lambda: shutil.rmtree(path, ignore_errors=True))
        return self._real["mkdir"](path, mode, **more)

    def _move(self, name, source, target, **more):
        if self._inside(target):
            self._step(name, target)
            self._note(name, target, lambda: self._forget(target))
        return self._real[name](source, target, **more)

    def _rename(self, source, target, **more):
        return self._move("rename", source, target, **more)

    def _replace(self, source, target, **more):
        return self._move("replace", source, target, **more)

    def _link(self, source, target, **more):
        return self._move("link", source, target, **more)

    def _unlink(self, path, **more):
        if self._inside(path) and os.path.exists(path):
            self._step("unlink", path)
        return self._real["unlink"](path, **more)

    def _note(self, name, path, undo):
        self._unsynced_entries.append((os.path.dirname(os.path.abspath(path)), name, undo))

    # Loss of power ---------------------------------------------------------------------------------------------------

    def unsynced_folders(self):
        """Folders whose entries a loss of power may take back, in order, and None for all of them at once."""
        return [*dict.fromkeys(folder for folder, _, _ in self._unsynced_entries), None]

    def lose(self, folder):
        """Take back what was done to the entries of ``folder`` (None: of all) and half of what was written and not synced."""
        for path in Path(self.folder).rglob("*"):
            if path.is_file() and path.stat().st_ino in self._unsynced_files:
                os.truncate(path, path.stat().st_size // 2)
        for place, _, undo in reversed(self._unsynced_entries):
            if folder in (None, place):
                undo()

    @staticmethod
    def _forget(path):
        if os.path.exists(path):
            os.unlink(path)


class _Handle:
    """An open file whose every write is a call."""

    def __init__(self, disk, handle, path, *, text):
        self._disk, self._handle, self._path, self._text = disk, handle, path, text
        disk._handles[handle.fileno()] = path

    def write(self, data):
        raw = data.encode() if self._text else bytes(data)
        self._disk._step("write", self._path)
        self._disk._unsynced_files.add(os.fstat(self._handle.fileno()).st_ino)
        if self._disk.dead:
            self._handle.write(raw[: len(raw) // 2])
            raise Killed
        self._handle.write(raw)
        return len(data)

    def flush(self):
        self._handle.flush()

    def fileno(self):
        return self._handle.fileno()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._disk._handles.pop(self._handle.fileno(), None)
        self._handle.close()


def run_here(spec, items, *, workers=1, limits=None):
    """``run_batches`` without processes: what is tried here is the store."""
    job, items, start = make_job(spec), list(items), 0
    while batch := tuple(items[start : start + limits.batch_size]):
        values, failures = [], []
        for position, item in enumerate(batch):
            try:
                values.append(job.run(item))
            except Exception as error:
                failures.append(Failure(position, f"{type(error).__name__}: {error}", "worker"))
        yield Outcome(start, batch, job.pack(values) if values else None, tuple(failures))
        start += len(batch)
