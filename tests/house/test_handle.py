"""A started verb: progress, stop and errors reach the caller."""

import threading

import pytest

from dataeng_kit.data.engines.embedded import Embedded
from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.handle import Handle


def test_progress_and_result():
    seen = []
    handle = Handle("count", lambda run: [run.step("counting", n, 3) for n in range(3)] and 42, seen.append)
    assert handle.result() == 42
    assert [s.done for s in seen] == [0, 1, 2]
    called = threading.Event()
    handle.then(lambda h: called.set())
    assert called.is_set()


def test_what_the_work_raised_is_raised():
    def work(run):
        raise KitError("No such table", "Name one")

    with pytest.raises(KitError, match="No such table"):
        Handle("fail", work).result()


def test_stop_interrupts_a_running_query():
    engine = Embedded()
    started = threading.Event()

    def work(run):
        run.step("a long query")
        started.set()
        return engine.run("SELECT count(*) FROM range(100000000) a, range(1000) b WHERE a.range % 7 = b.range % 5", run)

    handle = Handle("long", work)
    started.wait(5)
    handle.run._stop.wait(0.3)  # give the query time to begin
    handle.stop()
    with pytest.raises(Stopped):
        handle.result()
    engine.close()
