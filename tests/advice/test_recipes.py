"""Recipes: a strict header, every value bound, and no raw text of a case in generated code."""

import pytest

from dataeng_kit.errors import KitError
from dataeng_kit.knowledge import capabilities
from dataeng_kit.recipes import Code, find, render


def test_header_is_read_and_serves_known_capabilities():
    recipe = find("duckdb/pipeline")
    assert recipe.libraries
    assert recipe.proof
    assert set(recipe.serves) <= set(capabilities())


def test_raw_strings_are_refused():
    with pytest.raises(KitError, match="raw str"):
        render(
            "duckdb/pipeline", {"title": "'; drop", "place": Code("'x'"), "namespace": Code("'n'"), "expected": [], "steps": []}
        )


def test_missing_values_and_unknown_recipes_are_errors():
    with pytest.raises(KitError, match="title"):
        render("duckdb/pipeline", {})
    with pytest.raises(KitError, match="Did you mean 'duckdb/pipeline'"):
        find("duckdb/pipelin")
