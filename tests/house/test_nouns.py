"""Every noun is frozen, hashable and round-trips through strict JSON; references survive any name."""

import dataclasses
import importlib
import json
import pkgutil
import types
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dataeng_kit.nouns as nouns
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import references
from dataeng_kit.nouns.base import Noun


def every_noun():
    found = set()
    for module in pkgutil.iter_modules(nouns.__path__):
        for value in vars(importlib.import_module(f"dataeng_kit.nouns.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Noun) and value is not Noun:
                found.add(value)
    return sorted(found, key=lambda c: c.__name__)


def sample(hint, depth=0):
    """A value for a field's type, with every container filled once."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return sample(next(a for a in args if a is not type(None)), depth)
    if origin is tuple:
        inner = args[:1] if len(args) == 2 and args[1] is Ellipsis else args
        return tuple(sample(a, depth) for a in inner)
    if origin is dict:
        return {"k": sample(args[1], depth)}
    if isinstance(hint, type) and issubclass(hint, Noun):
        if depth > 3:
            return None
        hints = typing.get_type_hints(hint)
        return hint(**{f.name: sample(hints[f.name], depth + 1) for f in dataclasses.fields(hint)})
    return {str: 'text "ü\u2028', int: 7, float: 0.5, bool: True, typing.Any: "any"}[hint]


@pytest.mark.parametrize("noun", every_noun(), ids=lambda n: n.__name__)
def test_round_trip(noun):
    value = sample(noun)
    text = json.dumps(value.to_json(), allow_nan=False)
    again = noun.from_json(json.loads(text))
    assert again == value
    assert again.digest() == value.digest()
    hash(value)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(noun)[0].name, None)


def test_not_a_number_stays_strict_json():
    fact = nouns.Fact("t.c#mean", float("nan"), "SELECT 1")
    assert json.dumps(fact.to_json(), allow_nan=False)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_references_survive_any_name(parts):
    assert references.parse(references.write(*parts)) == tuple(parts)


@pytest.mark.parametrize("text", ["", "a.", ".a", 'a"b', '"open', "a b"])
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(KitError, match="no reference"):
        references.parse(text)
