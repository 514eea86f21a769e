"""Advice stands on what it cites: move a cited fact past the stated threshold and it changes; move another and nothing does."""

import functools
import importlib.util
import random
from pathlib import Path

import pytest

import dataeng_kit as dk
from dataeng_kit import advice
from dataeng_kit.knowledge import capabilities
from dataeng_kit.share import samples

spec = importlib.util.spec_from_file_location("kit_moving", Path(__file__).parent / "moving.py")
moving = importlib.util.module_from_spec(spec)
spec.loader.exec_module(moving)

FAIL = 0.10
"""Share of decisions that may be opinions."""


@pytest.fixture(scope="module", params=samples())
def case(request):
    evidence = dk.open(request.param).evidence
    return evidence, {t: advice.advise(t, evidence) for t in advice.topics(evidence)}


def test_every_topic_of_the_house_answers(case):
    groups = {row.split(".")[1] for row in capabilities() if row.startswith("topics.")}
    assert groups | {"model", "pipeline"} <= set(case[1])


def test_past_its_threshold_a_decision_changes_asks_or_vanishes(case):
    evidence, made = case
    stuck = []

    @functools.cache
    def now(topic, trial):
        other = evidence
        for at, to in trial:
            other = moving.moved(other, at, to)
        return moving.stand(advice.made(topic, other))

    for topic, found in made.items():
        before = moving.stand(found)
        for d in found.decisions:
            trials = [((at, to),) for at, to in d.flips if to is None]
            together = tuple((at, to) for at, to in d.flips if to is not None)
            for trial in [*trials, *([together] if together else [])]:
                if now(topic, trial).get(d.id) == before[d.id]:
                    stuck.append((d.id, trial))
    assert not stuck, "\n".join(map(str, stuck))


def test_at_most_a_tenth_are_opinions(case):
    every = [d for found in case[1].values() for d in found.decisions]
    opinions = [d.id for d in every if d.opinion]
    assert len(opinions) <= FAIL * len(every), opinions
    assert all(d.flips or d.opinion for d in every)


def test_what_nobody_cites_moves_nothing(case):
    """Twenty facts, seeded; a choice may move only where the decision cites the fact."""
    evidence, made = case
    pick = random.Random(11).sample(
        [f.id for f in evidence.profile.facts if f.id.rpartition("#")[2] in ("rows", "nulls", "mean", "distinct")], 20
    )
    for at in pick:
        fact = evidence.profile.by_id[at]
        if not isinstance(fact.value, int | float) or not fact.value:
            continue
        other = moving.moved(evidence, at, type(fact.value)(fact.value * 0.9))
        for topic in ("architecture", "streaming", "batch", "distributed", "analytics", "disaster_recovery", "database_design"):
            now = {d.id: d for d in advice.made(topic, other).decisions}
            for d in made[topic].decisions:
                if d.id in now and now[d.id].choice != d.choice and not d.id.endswith("/roadmap"):
                    assert at in d.facts, (at, d.id)
