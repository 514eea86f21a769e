"""Bad input at the shell: one clear sentence with the next step, the promised exit code, never a traceback, never a silent loss."""

import json
import os
import subprocess
import sys

import pytest

from dataeng_kit.cli import main


@pytest.fixture
def shell(capsys):
    def run(*words):
        try:
            code = main([*map(str, words)])
        except SystemExit as leaving:
            code = leaving.code
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


@pytest.fixture
def small(tmp_path):
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "customers.csv").write_text("customer_id,name\n1,Ada\n2,Bo\n3,Cy\n")
    (folder / "orders.csv").write_text("order_id,customer_id,amount\n10,1,5.5\n11,2,7.0\n12,2,1.5\n13,9,2.0\n")
    return folder


def one_sentence(err):
    lines = [line for line in err.splitlines() if line.strip()]
    assert len(lines) == 1, err
    return lines[0]


@pytest.mark.parametrize("verb", ["profile", "brief"])
def test_a_path_that_is_not_there(shell, tmp_path, verb):
    code, _, err = shell(verb, tmp_path / "nowhere")
    assert code == 2
    assert "does not exist" in one_sentence(err)


def test_documents_named_beside_the_data_are_claims(shell, small, tmp_path):
    book = tmp_path / "dictionary.csv"
    book.write_text("table,column,description\norders,order_id,unique order number\norders,customer_id,customer of the order\n")
    code, out, _ = shell("profile", small, "--context", book, "--json")
    assert code == 0
    assert any(c["file"].endswith("dictionary.csv") for c in json.loads(out)["claims"])
    code, _, err = shell("profile", small, "--context", tmp_path / "nowhere.csv")
    assert code == 2
    assert "nowhere.csv" in one_sentence(err)


def test_an_empty_folder(shell, tmp_path):
    code, _, err = shell("profile", tmp_path)
    assert code == 2
    assert one_sentence(err)


def test_an_unknown_topic_names_the_nearest(shell, small):
    code, _, err = shell("advise", small, "--topic", "modle")
    assert code == 2
    assert "model" in one_sentence(err)


def test_an_unknown_verb_and_section(shell, small):
    code, _, err = shell("profil", small)
    assert code == 2
    assert "--help" in err
    code, _, err = shell("profile", small, "--only", "colums")
    assert code == 2
    assert "columns" in one_sentence(err)


def test_the_claude_agent_without_a_credential_offers_the_rules(shell, small, monkeypatch, tmp_path):
    for name in [n for n in os.environ if n.startswith("ANTHROPIC")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    code, _, err = shell("ask", small, "how many rows?", "--agent", "claude")
    assert code == 2
    assert "nothing was sent" in one_sentence(err)
    assert "--agent offline" in err
    code, _, err = shell("advise", small, "--topic", "model", "--agent", "claude")
    assert code == 2
    assert "nothing was sent" in one_sentence(err)


def test_an_unreachable_database_without_its_password(shell):
    code, _, err = shell("profile", "postgresql://ada:hunter2@127.0.0.1:9/none")
    assert code == 2
    assert "hunter2" not in err
    assert one_sentence(err)


def test_no_claude_md_is_no_error(shell, small):
    code, out, _ = shell("profile", small, "--json")
    assert code == 0
    assert set(json.loads(out)["tables"]) == {"customers", "orders"}


def test_one_bad_file_among_good_ones_is_a_finding(shell, small):
    (small / "photo.csv").write_bytes(bytes(range(256)) * 64)
    code, out, _ = shell("profile", small, "--json")
    answer = json.loads(out)
    assert code == 0
    assert "photo" not in answer["tables"]
    assert any("photo.csv" in json.dumps(f) for f in answer["findings"])


def test_a_header_without_rows_is_no_error(shell, small):
    (small / "empty_table.csv").write_text("a,b\n")
    code, out, _ = shell("profile", small, "--json")
    assert code == 0
    assert json.loads(out)["tables"]["empty_table"]["rows"] == 0


def test_only_a_binary_file(shell, tmp_path):
    (tmp_path / "x.csv").write_bytes(bytes(range(256)) * 64)
    code, _, err = shell("profile", tmp_path)
    assert code == 2
    assert one_sentence(err)


def test_wrong_encoding_keeps_every_row(shell, tmp_path):
    (tmp_path / "städte.csv").write_bytes("id;stadt\n1;Köln\n2;München\n3;Düren\n".encode("cp1252"))
    code, out, _ = shell("read", tmp_path / "städte.csv", "--json")
    answer = json.loads(out)
    assert code == 0
    assert (answer["rows"][1][1], len(answer["rows"]), answer["lost_rows"]) == ("München", 3, 0)


def test_read_of_an_empty_file(shell, tmp_path):
    (tmp_path / "nil.csv").write_bytes(b"")
    code, out, _ = shell("read", tmp_path / "nil.csv", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["header"] is None
    assert answer["rows"] == []
    assert answer["problems"]


def test_a_mistake_in_the_choices_file(shell, small):
    (small / "dataeng_kit.toml").write_text("[lables]\n")
    code, _, err = shell("profile", small)
    assert code == 2
    assert "labels" in one_sentence(err)


def test_fail_on(shell, small, tmp_path):
    out = tmp_path / "r.html"
    assert shell("review", small, "--out", out)[0] == 0
    code, _, _ = shell("review", small, "--out", out, "--fail-on", "observation")
    assert code == 1


def test_the_real_process_prints_json_only(small):
    done = subprocess.run([sys.executable, "-m", "dataeng_kit", "profile", str(small), "--json"], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stderr == ""
    json.loads(done.stdout, parse_constant=lambda c: pytest.fail(f"{c} is no strict JSON"))
