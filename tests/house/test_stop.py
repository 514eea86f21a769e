"""Stop at every step of every arrow: the work ends there, nothing half-made is kept, and asking again gives the whole."""

import contextlib
import threading
from dataclasses import replace

import pytest

import dataeng_kit as dk
from dataeng_kit.errors import Stopped

VERBS = (
    ("profile",),
    ("claims",),
    ("findings",),
    pytest.param(("advise", "model"), marks=pytest.mark.heavy),
    pytest.param(("brief",), marks=pytest.mark.heavy),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("shop")
    place.joinpath("customers.csv").write_text(
        "customer_id,email,city\n" + "".join(f"{i},a{i}@example.org,{'ABC'[i % 3]}\n" for i in range(1, 41))
    )
    rows = (f"{i},{i % 40 + 1},2026-0{i % 9 + 1}-{i % 27 + 1:02},{i * 1.25}\n" for i in range(1, 301))
    place.joinpath("orders.csv").write_text("order_id,customer_id,ordered_at,amount\n" + "".join(rows))
    place.joinpath("CLAUDE.md").write_text("# Shop\nWe load into DuckDB nightly.\n- `order_id` is unique in orders\n")
    return place


def stopped_at(case, verb, at):
    """Run one verb and press Stop at its step number *at*; return the labels seen until then."""
    seen, started, held = [], threading.Event(), []

    def on_step(step):
        started.wait(10)
        seen.append(step.label)
        if len(seen) == at + 1:
            held[0].stop()

    held.append(case.start(*verb, on_step=on_step))
    started.set()
    return held[0], seen


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v[0])
def test_stop_at_every_step(folder, verb):
    whole, labels = dk.open(folder), []
    expected = whole.start(*verb, on_step=lambda step: labels.append(step.label)).result()
    assert labels
    stride = max(1, len(labels) // 8)
    case = dk.open(folder)
    for at in range(0, len(labels), stride):
        case = dk.open(folder)
        handle, seen = stopped_at(case, verb, at)
        # a stop at the last step of all may come too late to keep the result from being whole
        with pytest.raises(Stopped) if at < len(labels) - 3 else contextlib.suppress(Stopped):
            handle.result()
        assert len(seen) <= at + 1
    again = case.start(*verb).result()
    assert type(again) is type(expected)
    if verb[0] in ("findings", "claims"):
        assert again == expected
    if verb[0] == "profile":
        assert replace(again, measured_at="") == replace(expected, measured_at="")
