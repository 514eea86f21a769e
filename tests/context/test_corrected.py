"""The user's word about a technology counts, keeps the quote, and can be taken back."""

import pytest

import dataeng_kit as dk
from dataeng_kit.context.corrected import PREFIX
from dataeng_kit.errors import KitError


@pytest.fixture
def case(tmp_path):
    (tmp_path / "CLAUDE.md").write_text("# Shop\nWarehouse: PostgreSQL.\nWe looked at Snowflake and rejected it.\n")
    (tmp_path / "a.csv").write_text("id,x\n1,2\n2,3\n")
    return dk.open(str(tmp_path))


def test_not_in_use_and_in_use_after_all(case):
    assert case.context.names("databases") == ("postgresql",)
    case.override("answers", PREFIX + "snowflake", "yes")
    case.override("answers", PREFIX + "postgresql", "no")
    assert case.context.names("databases") == ("snowflake",)
    (moved,) = case.context.not_used
    assert (moved.name, moved.line, moved.why) == ("postgresql", 2, "you said it is not in use")
    case.override("answers", PREFIX + "snowflake", "")
    case.override("answers", PREFIX + "postgresql", "")
    assert case.context.names("databases") == ("postgresql",)


def test_a_name_that_the_text_never_said(case):
    case.override("answers", PREFIX + "apache spark", "yes")
    assert "apache spark" in case.context.names("processing")


def test_only_yes_or_no(case):
    case.override("answers", PREFIX + "snowflake", "perhaps")
    with pytest.raises(KitError, match="Unknown answer"):
        _ = case.context
