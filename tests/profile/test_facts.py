"""The fact catalogue: every fact's own query measures the same value again; the JSON document obeys its schema."""

import json
from importlib.resources import files

import jsonschema
import pytest

from dataeng_kit.data import open_data
from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.nouns import Profile
from dataeng_kit.nouns.base import plain
from dataeng_kit.profile import facts_frame, profile_answer, profile_data, to_frame
from dataeng_kit.run import Run

ORDERS = """order_id,customer,amount,placed,note
1,ann,10.5,2024-01-01,N/A
2,bob,,2024-01-02,left at door
3,ann,7.25,1970-01-01,
4,cyd,7.25,1970-01-01,N/A
5,ann,99.0,2024-02-01,see B-12
"""


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")
    data = open_data((str(tmp_path),))
    yield data
    data.close()


def test_every_fact_is_measured_again_by_its_own_query(shop):
    profile = profile_data(shop, only=frozenset({"columns", "keys"}))
    engine = shop.sources[0].engine
    assert len(profile.facts) > 30
    for fact in profile.facts:
        rows = engine.run(fact.query)
        name = fact.id.rsplit("#", 1)[1]
        if name in ("top", "histogram"):
            assert plain(rows) == plain(fact.value), fact.id
        elif name != "masks":
            assert plain(rows[0][0]) == plain(fact.value), fact.id


def test_json_is_strict_and_obeys_the_published_schema(shop):
    answer = profile_answer(profile_data(shop), (), ())
    text = json.dumps(answer, allow_nan=False)
    schema = json.loads(files("dataeng_kit.profile").joinpath("answer.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(text), schema)
    assert answer["tables"]["orders"]["columns"]["amount"]["nulls"] == 1
    assert set(answer["facts"]["orders.amount#mean"]) == {"value", "query", "method"}


def test_profile_round_trips_and_flattens(shop):
    profile = profile_data(shop, only=frozenset({"columns", "keys", "relations"}))
    assert Profile.from_json(json.loads(json.dumps(profile.to_json()))) == profile
    frame = to_frame(profile)
    assert list(frame["name"]) == ["order_id", "customer", "amount", "placed", "note"]
    assert frame.set_index("name").loc["order_id", "in_primary_key"]
    assert set(facts_frame(profile)["id"]) == {f.id for f in profile.facts}


def test_unknown_section_names_the_nearest(shop):
    with pytest.raises(KitError, match="columns"):
        profile_data(shop, only=frozenset({"colums"}))


def test_stop_at_every_step(shop):
    labels = []
    profile_data(shop, run=Run(lambda s: labels.append(s.label)))
    for at in range(1, len(labels), max(1, len(labels) // 12)):
        run, seen = Run(), []

        def stop(step, run=run, seen=seen, at=at):
            seen.append(step)
            if len(seen) == at:
                run.stop()

        run.on_step = stop
        with pytest.raises(Stopped):
            profile_data(shop, run=run)
