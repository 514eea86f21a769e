"""The workshop exercise in its four states: untouched, wrong, right, and run again; another seat has other data."""

import json

import pytest

from dataeng_kit.errors import KitError
from dataeng_kit.lab import workshop


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("workshop")
    workshop.start("ecommerce", "ada", 7, made)
    return made


@pytest.fixture
def room(folder):
    (folder / "ada" / "log.json").unlink(missing_ok=True)
    return workshop.start("ecommerce", "ada", 7, folder)


def defects(folder):
    return json.loads((folder / "ada" / "key.json").read_text())["defects"]


def test_untouched_wrong_right_and_again(room, folder):
    first = defects(folder)[0]
    where, rows = f"{first['table']}.{first['columns'][0]}", first["rows"]
    assert room.check().startswith("not attempted")
    assert room.check(where).startswith("not attempted")
    assert room.check("nowhere.x", 3).startswith("not attempted: Unknown table 'nowhere'")
    off = room.check(where, rows + 1)
    assert off.startswith("incorrect: the place is right")
    assert str(rows) not in off.replace(f"{rows + 1:,}", "")
    assert room.check("customers.country", 5).startswith("incorrect: nothing was planted")
    assert room.check(where, rows).startswith("correct")
    assert room.check(where, rows).startswith("correct")
    assert room.report() == f"ada: found 1 of {len(defects(folder))}, false alarms 1, hints 0"
    again = workshop.start("ecommerce", "ada", 7, folder)  # after a restart
    assert again.report() == room.report()


def test_hints_climb_and_the_ceiling_holds(room, folder):
    first = defects(folder)[0]
    assert first["table"] in room.hint()
    assert first["columns"][0] not in room.hint(1)
    assert first["columns"][0] in room.hint(2)
    assert str(first["rows"]) not in room.hint(3)
    assert room.score["hints"] == 1
    low = workshop.start("ecommerce", "ada", 7, folder, hints=1)
    assert low.hint(3) == "The trainer allows hints up to 1."


def test_the_key_lies_outside_the_data_and_seats_differ(room, folder):
    other = workshop.start("ecommerce", "bob", 8, folder)
    assert not list((folder / "ada" / "data").rglob("*key*"))
    assert (folder / "ada" / "data" / "customers.csv").read_bytes() != (other.data / "customers.csv").read_bytes()
    assert [row["seat"] for row in workshop.collect(folder)] == ["ada", "bob"]
    assert repr(room).startswith("Setup complete")


def test_refusals_are_sentences(tmp_path):
    with pytest.raises(KitError, match="Unknown sample case 'ecomerce'"):
        workshop.start("ecomerce", folder=tmp_path)
    with pytest.raises(KitError, match="no seat name"):
        workshop.start("ecommerce", "../up", folder=tmp_path)
