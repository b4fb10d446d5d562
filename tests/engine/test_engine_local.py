"""Poisonous items among good ones: exactly those fail, in order, for any number of workers."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import engine_jobs
import pytest

from gknlp.engine.base import EngineError, JobSpec, Limits
from gknlp.engine.local import run_batches

ECHO = JobSpec(factory="engine_jobs:Echo")
QUICK = Limits(deadline_seconds=0.4, memory_bytes=512 << 20, batch_size=4)


def outcome_of(items, *, workers, limits=QUICK, spec=ECHO):
    """Every item with its value or its failure, in the order of the outcomes."""
    seen = []
    for outcome in run_batches(spec, items, workers=workers, limits=limits):
        assert outcome.start == len(seen)
        failed = {failure.position: (failure.reason, failure.stage) for failure in outcome.failures}
        values = iter(json.loads(outcome.payload) if outcome.payload else [])
        seen += [(item, failed.get(place) or next(values)) for place, item in enumerate(outcome.items)]
        assert next(values, None) is None
    return seen


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_no_items_start_nothing(workers):
    assert outcome_of([], workers=workers) == []


def test_only_poisonous_items_fail_and_order_is_kept():
    poison = {
        "loop": "deadline: 0.4 s exceeded",
        "exit": "crashed: exit status 3",
        "memory": "memory: more than 512 MiB",
        "segfault": "crashed: signal 11",
        "raise": "ValueError: no such thing",
        "system-exit": "SystemExit: 5",
        "unpackable": "TypeError: cannot be packed",
        "pack-exit": "crashed: exit status 4",
    }
    items = ["a", "loop", "b", "exit", "c", "d", "e", "f", "segfault", "g", "h", "raise", "memory", "i"]
    items += ["j", "unpackable", "k", "l", "system-exit", "m", "pack-exit", "n"]
    expected = [(item, (poison[item], "worker") if item in poison else item.upper()) for item in items]
    assert outcome_of(items, workers=2) == expected
    assert outcome_of(items, workers=1) == expected


def test_a_worker_killed_from_outside_is_named_as_such():
    assert outcome_of(["a", "kill", "b"], workers=1) == [
        ("a", "A"),
        ("kill", ("memory: killed by the system (signal 9)", "worker")),
        ("b", "B"),
    ]


def test_a_batch_where_every_item_fails_has_no_payload():
    outcomes = list(run_batches(ECHO, ["raise", "raise"], limits=QUICK))
    assert [(o.start, o.payload, [f.position for f in o.failures]) for o in outcomes] == [(0, None, [0, 1])]


def test_a_slow_consumer_costs_no_item_its_deadline():
    seen = []
    for outcome in run_batches(ECHO, [str(n) for n in range(40)], workers=2, limits=QUICK):
        if not seen:
            time.sleep(1.0)
        assert outcome.failures == ()
        seen += json.loads(outcome.payload)
    assert seen == [str(n) for n in range(40)]


def test_items_are_read_only_as_far_as_they_are_needed():
    taken = []
    items = (taken.append(n) or str(n) for n in range(10_000))
    outcomes = run_batches(ECHO, items, workers=1, limits=QUICK)
    next(outcomes)
    outcomes.close()
    assert len(taken) <= 4 * (8 + 1)


def test_closing_the_iterator_ends_the_workers():
    spec = JobSpec(factory="engine_jobs:Pids")
    outcomes = run_batches(spec, ["a", "a", "hang"], workers=2, limits=Limits(batch_size=1))
    pids = [json.loads(next(outcomes).payload)[0] for _ in range(2)]
    outcomes.close()
    assert not any(alive(pid) for pid in pids)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_workers_do_not_outlive_their_parent(ending, tmp_path):
    script = textwrap.dedent("""
        import json
        from gknlp.engine.base import JobSpec, Limits
        from gknlp.engine.local import run_batches
        for outcome in run_batches(JobSpec(factory="engine_jobs:Pids"), ["a", "a"] * 50, limits=Limits(batch_size=1)):
            print(json.loads(outcome.payload)[0], flush=True)
            import time; time.sleep(60)
    """)
    path = os.pathsep.join(sys.path)
    parent = subprocess.Popen(
        [sys.executable, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path}, text=True,
    )  # fmt: skip
    with parent:
        parent.stdin.write(script)
        parent.stdin.close()
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.send_signal(ending)
        parent.wait(10)
        until = time.monotonic() + 5
        while alive(pid) and time.monotonic() < until:
            time.sleep(0.02)
    assert not alive(pid)


@pytest.mark.parametrize(
    ("factory", "says"),
    [
        ("engine_jobs:broken", "RuntimeError: the lexicon is missing"),
        ("engine_jobs:absent", "has no attribute 'absent'"),
        ("no_such_module:job", "No module named 'no_such_module'"),
    ],
)
def test_a_job_that_cannot_be_made_is_the_callers_error(factory, says):
    with pytest.raises(EngineError, match=says):
        list(run_batches(JobSpec(factory=factory), ["a"]))


def test_a_callable_is_a_factory_too():
    assert outcome_of(["a"], workers=1, spec=JobSpec(factory=engine_jobs.Echo)) == [("a", "A")]
