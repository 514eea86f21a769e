"""The Claude agent against a protocol-faithful local server, driven through the real SDK: answers, liars, faults and Stop."""

import threading
import time
from dataclasses import dataclass, field, replace

import pytest
from fake_anthropic import FakeAnthropic, error, reply, text, tool_use

from dataeng_kit.agent.claude import Claude
from dataeng_kit.agent.ledger import read_ledger
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Advice, Check, Context, Evidence, Fact, Profile
from dataeng_kit.run import Run


@dataclass
class TestDesk:
    """A desk over two facts; its queries and checks answer at once."""

    __test__ = False
    evidence: Evidence = field(default_factory=lambda: Evidence("shop", Context(), (), Profile()))
    slow: float = 0.0
    columns: tuple = ("orders.id",)
    fails: int = 0

    def facts(self):
        return {f.id: f for f in (Fact("orders#rows", 4_711, ""), Fact("orders.id#distinct", 4_711, ""))}

    def query(self, sql, run):
        time.sleep(self.slow)
        if "customers" in sql:
            raise KitError("There is no table customers", "Tables: t1")
        return {"fact": "query#1", "rows": [[1]]}

    def advise(self, topic, run):
        return Advice(topic)

    def check(self, cell, run):
        self.fails -= 1
        why = "Conversion Error: Could not convert 'Mei Booker' LINE 1: SELECT ("
        return replace(cell, check=Check("failed", "duckdb", why=why) if self.fails >= 0 else Check("ran", "duckdb", "2.0"))


def claims(*rows):
    return tool_use(
        "answer", {"claims": [{"text": t, "kind": k, "facts": list(f), "lines": []} for t, k, f in rows]}, "toolu_answer"
    )


GOOD = claims(("orders has 4,711 rows.", "measured", ["orders#rows"]))


def ask(monkeypatch, script, *, desk=None, run=None, limits=None, ledger=None):
    with FakeAnthropic(script) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        agent = Claude(desk or TestDesk(), "You are a data engineer.", limits=limits, ledger=ledger)
        answer = agent.ask("How many orders?", {"tables": ["orders"]}, run or Run())
        api.answered = time.monotonic()
        return answer, api


def test_a_grounded_answer_streams(monkeypatch, tmp_path):
    seen = []
    script = [reply(text("Looking. "), tool_use("look_up", {"ids": ["orders#rows", "order#row"]})), reply(text("So:"), GOOD)]
    answer, api = ask(monkeypatch, script, run=Run(on_event=seen.append), ledger=tmp_path / "ledger.jsonl")
    assert answer.state == "complete"
    assert [(s.text, s.standing) for s in answer.said] == [("orders has 4,711 rows.", "grounded")]
    assert "".join(e.text for e in seen if e.kind == "text") == "Looking. So:"
    assert "orders#rows" in api.requests[1][2]["messages"][-1]["content"][0]["content"]
    rows = read_ledger(tmp_path / "ledger.jsonl")
    assert [(r.place, r.request) for r in rows] == [("messages", "req_0001"), ("messages", "req_0002")]
    assert all(r.tokens > 100 and r.output > 0 and r.model == "claude-sonnet-5-5" for r in rows)
    assert "4,711" not in (tmp_path / "ledger.jsonl").read_text()


def test_liars_are_struck(monkeypatch):
    lies = claims(
        ("orders has 4,712 rows.", "measured", ["orders#rows"]),
        ("There are 9 tables.", "measured", []),
        ("x", "measured", ["order#row"]),
    )
    answer, _ = ask(monkeypatch, [reply(lies)])
    assert {s.standing for s in answer.said} == {"struck"}
    assert "4711" in answer.said[0].text


def test_an_endless_tool_caller_ends(monkeypatch):
    answer, api = ask(monkeypatch, [reply(tool_use("query", {"sql": "SELECT 1", "why": ""}))] * 9)
    assert answer.state == "failed"
    assert "8 turns" in answer.why
    assert len(api.requests) == 8
    assert api.requests[-1][2]["tool_choice"] == {"type": "tool", "name": "answer"}


def test_the_token_budget_ends_it(monkeypatch):
    greedy = reply(tool_use("query", {"sql": "SELECT 1", "why": ""}), usage={"input_tokens": 70_000})
    answer, api = ask(monkeypatch, [greedy] * 5)
    assert "token limit" in answer.why
    assert len(api.requests) == 2


def test_a_cell_is_checked_and_repaired_twice_at_most(monkeypatch):
    cell = tool_use("propose_cell", {"language": "sql", "title": "Count", "purpose": "p", "source": "SELECT (", "facts": []})
    answer, api = ask(monkeypatch, [reply(cell), reply(cell), reply(cell), reply(GOOD)], desk=TestDesk(fails=9))
    assert '"why": "Conversion Error at line 1"' in api.requests[1][2]["messages"][-1]["content"][0]["content"]
    assert "Booker" not in str([body for _, _, body in api.requests])
    assert "Booker" in answer.cells[0].check.why
    assert answer.cells[0].check.level == "failed"
    answer, _ = ask(monkeypatch, [reply(cell), reply(cell), reply(GOOD)], desk=TestDesk(fails=1))
    assert answer.cells[0].check.level == "ran"


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [("rm", {}, "no tool 'rm'"), ("query", {"sql": 3, "why": ""}, "'sql' must be text"), ("query", {}, "'sql' is missing"),
     ("query", {"sql": "SELECT * FROM customers", "why": ""}, "no table customers")],
)  # fmt: skip
def test_wrong_tool_calls_are_told_what_is_wrong(monkeypatch, name, given, told):
    _, api = ask(monkeypatch, [reply(tool_use(name, given)), reply(GOOD)])
    result = api.requests[1][2]["messages"][-1]["content"][0]
    assert result["is_error"]
    assert told in result["content"]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ([error(401)], "refused the key"),
        ([error(400)], "refused the request"),
        ([error(404)], "does not know this model"),
        ([error(413)], "too large"),
        ([error(429, retry_after="0.01")] * 3, "rate or spend limit"),
        ([error(429, retry_after="3600")], "asks to wait 3600 s"),
        ([error(529, retry_after="0.01")] * 3, "overloaded"),
        ([reply(text("half a sent"), error_after=4)], "overloaded"),
        ([reply(text("half a sent"), cut_after=4)], "cut or garbled"),
        ([reply(text("half a sent"), end_after=4)], "cut or garbled"),
        ([reply(text("x"), end_after=0)], "cut or garbled"),
        ([reply(text("half a sent"), garbage_after=4)], "cut or garbled"),
        ([reply(stop_reason="refusal")], "declined"),
        ([reply(text("long"), stop_reason="max_tokens")], "cut"),
        ([reply(tool_use("query", '{"sql": "SEL'), stop_reason="max_tokens")], "cut"),
        ([reply(text("just prose"))], "without an answer"),
    ],
)
def test_each_fault_ends_in_one_sentence_and_keeps_what_came(monkeypatch, script, words):
    answer, _ = ask(monkeypatch, script)
    assert answer.state == "failed"
    assert words in answer.why
    assert "Traceback" not in answer.why
    if any("half" in str(getattr(s, "blocks", "")) for s in script):
        assert answer.said[0].text.startswith("half")
        assert answer.said[0].standing == "opinion"


def test_a_rate_limit_that_passes_is_only_a_wait(monkeypatch):
    seen = []
    answer, api = ask(monkeypatch, [error(429, retry_after="0.05"), reply(GOOD)], run=Run(on_event=seen.append))
    assert answer.state == "complete"
    assert any("waiting 0.05 s" in e.text for e in seen)
    assert len(api.requests) == 2


def test_an_unreachable_service(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    assert "cannot be reached" in Claude(TestDesk(), "s").ask("q", {}, Run()).why


def test_no_credential_and_a_broken_key_send_nothing(monkeypatch, tmp_path):
    with FakeAnthropic([reply(GOOD)]) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-\nbroken")
        assert "nothing was sent" in Claude(TestDesk(), "s").ask("q", {}, Run()).why
        monkeypatch.delenv("ANTHROPIC_API_KEY")
        monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path))
        monkeypatch.setenv("HOME", str(tmp_path))
        assert "No credential" in Claude(TestDesk(), "s").ask("q", {}, Run()).why
        assert not api.requests


@pytest.mark.parametrize(
    "script",
    [
        [reply(text("late"), first_byte_s=5)],
        [reply(text("a" * 400), between_s=0.2, chunk=4)],
        [reply(text("silent"), between_s=5)],
        [reply(tool_use("query", {"sql": "SELECT 1", "why": ""})), reply(GOOD)],
    ],
    ids=["before headers", "flowing", "silent", "in a tool"],
)
def test_stop_in_each_phase_within_300_ms(monkeypatch, script):
    run = Run()
    stopped = []

    def stop():
        stopped.append(time.monotonic())
        run.stop()

    import anthropic  # noqa: F401  # the heavy import is not what Stop is measured on

    slow = TestDesk(slow=3)
    threading.Timer(0.9, stop).start()
    answer, api = ask(monkeypatch, script, desk=slow, run=run)
    assert answer.state == "stopped"
    assert api.answered - stopped[0] < 0.3
