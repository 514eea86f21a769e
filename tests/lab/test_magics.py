"""The magics in an IPython of their own: help, completion, values for one cell, insert and run in one line."""

import pytest
from made_case import MadeCase

from dataeng_kit.lab import magics, mask


@pytest.fixture
def shell(tmp_path, monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell

    (tmp_path / "CLAUDE.md").write_text("web shop\n")
    made = InteractiveShell.instance()
    made.inserted = []
    monkeypatch.setattr(made, "set_next_input", lambda text, replace=False: made.inserted.append(text))
    made.run_line_magic("reload_ext", "dataeng_kit")
    made.user_ns["case"] = MadeCase(tmp_path)
    yield made
    made.user_ns.pop("case").data.close()
    made.run_line_magic("unload_ext", "dataeng_kit")
    InteractiveShell.clear_instance()


def test_help_says_what_each_magic_does(shell):
    for name in ("consult", "insert", "values"):
        assert shell.find_line_magic(name).__doc__.startswith(f"%{name}")
    for name in ("run", "ask"):
        assert shell.find_cell_magic(name).__doc__.startswith(f"%%{name}")
    info = shell.object_inspect("%consult")
    assert info["found"]
    assert "decisions with evidence" in info["docstring"]


def test_tab_offers_topics_cells_and_agents(shell):
    for typed, words in (
        ("%consult m", ["model"]),
        ("%insert load", ["load/python"]),
        ("%insert ddl", ["ddl/orders"]),
        ("%%ask cl", ["claude"]),
    ):
        assert shell.complete(typed.split()[-1], typed, len(typed))[1] == words


def test_insert_and_run_in_one_line(shell, capsys):
    assert shell.run_cell("%insert --run load/python").success
    assert shell.inserted == ["print('from the advised cell', 6 * 7)"]
    assert "from the advised cell 42" in capsys.readouterr().out


def test_values_are_shown_in_the_one_cell_that_asks(shell, capsys):
    from made_case import CANARY

    shell.run_cell("case.profile")
    assert CANARY[:17] not in capsys.readouterr().out
    shell.run_cell("%values\ncase.profile")
    assert CANARY[:17] in capsys.readouterr().out
    shell.run_cell("case.profile")
    assert CANARY[:17] not in capsys.readouterr().out
    assert mask._show == {"values": False}


def test_ask_hands_the_agent_on_and_streams(shell, monkeypatch):
    heard = []

    def ask(question, agent="offline", on_event=None):
        heard.append((question, agent, on_event is not None))

    monkeypatch.setattr(shell.user_ns["case"], "ask", ask)
    shell.run_cell("%%ask\nHow many {orders}?")
    shell.run_cell("%%ask claude\nHow many?")
    assert heard == [("How many {orders}?", "offline", False), ("How many?", "claude", True)]


def test_a_stream_shows_what_has_come(shell, monkeypatch):
    from types import SimpleNamespace

    shown = []
    handle = SimpleNamespace(update=lambda data, raw: shown.append(data["text/plain"]))
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: handle)
    monkeypatch.setattr(magics, "_PERIOD", 0.0)
    hear = magics.stream()
    for kind, text in (("text", "Two "), ("text", "rows"), ("tool", "facts"), ("done", "")):
        hear(SimpleNamespace(kind=kind, text=text))
    assert shown == ["Two ", "Two rows", "Two rows\n(facts)", ""]
