"""The Choices file: any text survives, two writers lose nothing, mistakes are named."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit.choices import NAME, read_choices, update, with_input, with_verdict
from dataeng_kit.errors import KitError

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(deadline=None, max_examples=100)
@given(texts, texts, texts)
def test_any_text_survives(tmp_path_factory, key, value, reason):
    file = tmp_path_factory.mktemp("choices") / NAME
    update(file, lambda c: with_input(c, "labels", key, value or "x"))
    update(file, lambda c: with_verdict(c, key, "accepted", value, reason))
    choices = read_choices(file)
    assert choices.inputs.labels == {key: value or "x"}
    assert (choices.verdicts[0].id, choices.verdicts[0].reason) == (key, reason)


def test_two_writers_lose_nothing(tmp_path):
    file = tmp_path / NAME

    def write(who):
        for n in range(20):
            update(file, lambda c, n=n: with_verdict(c, f"{who}{n}", "accepted", who, ""))

    threads = [threading.Thread(target=write, args=(w,)) for w in "abc"]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert len(read_choices(file).verdicts) == 60


def test_an_empty_value_takes_the_choice_back(tmp_path):
    file = tmp_path / NAME
    update(file, lambda c: with_input(c, "keys", "orders", ("order_id",)))
    assert read_choices(file).inputs.keys == {"orders": ("order_id",)}
    update(file, lambda c: with_input(c, "keys", "orders", ()))
    assert read_choices(file).inputs.keys == {}


def test_mistakes_are_named(tmp_path):
    file = tmp_path / NAME
    file.write_text("[lables]\n")
    with pytest.raises(KitError, match="Did you mean 'labels'"):
        read_choices(file)
    file.write_text("not toml")
    with pytest.raises(KitError, match="line 1"):
        read_choices(file)
    with pytest.raises(KitError, match="Unknown kind of choice"):
        update(tmp_path / "other.toml", lambda c: with_input(c, "colour", "a", "b"))
