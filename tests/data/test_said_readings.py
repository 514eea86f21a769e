"""What a person says about a file counts, is kept on request, and is shown as said."""

from __future__ import annotations

import json

import pytest

from dataeng_kit.cli import main
from dataeng_kit.data import options_of, read_answer
from dataeng_kit.errors import KitError


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("1;05/03/2024;1,234;a\n2;06/04/2024;2,345;b\n3;07/05/2024;3,456;c\n")
    return path


def read(file, *pairs):
    return read_answer(file, {file.name: options_of(pairs)})


def test_options_are_the_users_word(file):
    asked = read(file)
    assert asked["types"][1] == "text"
    said = read(file, "header=no", "dates=month first", "decimal=.", "type.column_1=text")
    assert said["types"] == ["text", "date", "integer", "text"]
    assert said["rows"][0] == ["1", "2024-05-03", "1234", "a"]
    assert "no header: as you said" in said["evidence"]
    assert any("as you said" in e for e in said["evidence"] if "column_2" in e)
    assert read(file, "header=no", "dates=day first", "decimal=,")["rows"][0] == ["1", "2024-03-05", "1.234", "a"]
    assert read(file, "header=yes")["header"] == ["1", "05/03/2024", "1,234", "a"]
    assert len(read(file, "delimiter=tab")["types"]) == 1


@pytest.mark.parametrize("pair", ["delimeter=;", "header=maybe", "quote"])
def test_an_unknown_option_is_an_error(pair):
    with pytest.raises(KitError):
        options_of([pair])


def test_the_shell_keeps_what_was_said(file, capsys):
    assert main(["read", str(file), "--json", "--reading", "header=no", "decimal=,", "--keep"]) == 0
    assert json.loads(capsys.readouterr().out)["types"][2] == "number"
    assert "decimal" in (file.parent / "dataeng_kit.toml").read_text()
    assert main(["read", str(file)]) == 0
    assert "because no header: as you said" in capsys.readouterr().out


def test_two_places_at_the_shell(tmp_path, capsys):
    for name, last in (("a", "9"), ("b", "8")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.csv").write_text("id,v\n" + "".join(f"{i},{i % 7}\n" for i in range(50)) + f"99,{last}\n")
    assert main(["profile", str(tmp_path / "a"), str(tmp_path / "b"), "--json", "--quiet"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer["tables"]) == {"a/t", "b/t"}
    assert [f["value"] for name, f in answer["facts"].items() if name.endswith("v#differing_values")] == [1]
