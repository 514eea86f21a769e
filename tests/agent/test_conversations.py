"""Questions that follow one another, caps, house rules, selection, and exchanges recorded and told again."""

import json
import time
from dataclasses import replace

import pytest
from fake_anthropic import FakeAnthropic, reply, text, tool_use

import dataeng_kit as dk
from dataeng_kit.agent.replay import read_cassette
from dataeng_kit.errors import KitError
from dataeng_kit.nouns.answer import Cassette, Conversation
from dataeng_kit.run import Run
from dataeng_kit.show import markdown

QUESTION = "How many orders are there?"


@pytest.fixture
def case(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    folder.joinpath("customers.csv").write_text(
        "customer_id,email\n" + "".join(f"{n},ann{n}@mail.example\n" for n in range(1, 21))
    )
    folder.joinpath("orders.csv").write_text(
        "order_id,customer_id,amount\n" + "".join(f"{n},{n % 20 + 1},{n}.5\n" for n in range(1, 51))
    )
    folder.joinpath("CLAUDE.md").write_text("# Shop\nWe use DuckDB.\n\n## House rules\nAnswer in one sentence.\n")
    return dk.open(str(folder))


def claim(words, *facts):
    return tool_use("answer", {"claims": [{"text": words, "kind": "measured", "facts": list(facts), "lines": []}]}, "toolu_a")


ORDERS = reply(
    text("Looking. "), claim("orders has 50 rows.", "orders#rows"), usage={"input_tokens": 900, "cache_read_input_tokens": 40}
)
CUSTOMERS = reply(claim("customers has 20 rows.", "customers#rows"))


@pytest.fixture
def served(monkeypatch):
    with FakeAnthropic([ORDERS, CUSTOMERS, ORDERS]) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        yield api


def test_a_follow_up_sees_what_was_said_and_survives_a_restart(case, served):
    case.ask(QUESTION, "claude", conversation="talk")
    again = dk.open(case.places[0])
    told = again.ask("And customers?", "claude", conversation="talk")
    assert told.state == "complete", told.why
    first, second = (body["messages"] for _, _, body in served.requests)
    assert second[: len(first)] == first
    assert [m["role"] for m in second] == ["user", "assistant", "user"]
    assert second[2]["content"][0]["type"] == "tool_result"
    assert "And customers?" in second[2]["content"][-1]["text"]
    held = again.conversation("talk")
    assert [a.question for a in held.answers] == [QUESTION, "And customers?"]
    assert "orders has 50 rows" in markdown(held)
    assert Conversation.from_json(held.to_json()) == held


def test_a_conversation_about_another_state_of_the_case_is_refused(case, served):
    case.ask(QUESTION, "claude", conversation="talk")
    with (case.folder / "orders.csv").open("a") as more:
        more.write("51,1,3.5\n")
    with pytest.raises(KitError, match="changed since conversation 'talk'"):
        case.ask("And now?", "claude", conversation="talk")
    with pytest.raises(KitError, match="cannot name a conversation"):
        case.ask("And now?", "claude", conversation="../talk")
    assert len(served.requests) == 1


def test_the_cap_of_the_engagement_and_what_it_cost(case, served):
    for key, value in (("tokens_in_all", 90_000), ("price_input", 3.0), ("price_cached", 0.3), ("price_output", 15.0)):
        case.override("agent", key, value)
    case.ask(QUESTION, "claude")
    row = case.sent[0]
    assert (row.tokens, row.cached) == (900, 40)
    assert f"{(900 * 3 + 40 * 0.3 + row.output * 15) / 1e6:.4f} USD" in case.cost
    case.override("agent", "tokens_in_all", 900)
    with pytest.raises(KitError, match="cap of 900 tokens is used up"):
        case.ask(QUESTION, "claude")
    assert len(served.requests) == 1


def test_a_question_beyond_its_cap_is_counted_and_never_asked(case, served):
    case.override("agent", "tokens_per_question", 50)
    told = case.ask(QUESTION, "claude")
    assert told.state == "failed"
    assert "the limit is 50; it was counted, not asked" in told.why
    assert [path for path, _, _ in served.requests] == ["/v1/messages/count_tokens"]
    assert [s.place for s in case.sent] == ["messages/count_tokens"]


@pytest.mark.parametrize(("key", "value", "says"), [("modle", "x", "'model'"), ("tokens_in_all", "many", "is no int")])
def test_settings_are_strict(case, served, key, value, says):
    case.override("agent", key, value)
    with pytest.raises(KitError, match=says):
        case.ask(QUESTION, "claude")
    assert not served.requests


def test_house_rules_come_from_the_place_the_user_named(case, served):
    assert "one sentence" not in json.loads(case.preview(QUESTION))["system"][0]["text"]
    case.override("agent", "house_rules", "CLAUDE.md#House rules")
    assert "Answer in one sentence." in json.loads(case.preview(QUESTION))["system"][0]["text"]
    case.override("agent", "house_rules", "CLAUDE.md#House rule")
    with pytest.raises(KitError, match="'House rules'"):
        case.preview(QUESTION)


def test_models_are_asked_and_noted(case, monkeypatch):
    with FakeAnthropic([], models={"claude-a", "claude-b"}) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        assert set(case.models()) == {"claude-a", "claude-b"}
    assert [(s.place, s.columns) for s in case.sent] == [("models", ())]


def test_a_client_of_another_cloud_is_asked_through_the_same_ledger(case, served, monkeypatch):
    import anthropic

    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.delenv("ANTHROPIC_BASE_URL")
    case.client = anthropic.AsyncAnthropic(api_key="another", base_url=served.url)
    assert [case.ask(QUESTION, "claude").state, case.ask(QUESTION, "claude").state] == ["complete", "complete"]
    assert all("another" in " ".join(headers.values()) for _, headers, _ in served.requests)
    assert len(case.sent) == 2
    case.client = anthropic.Anthropic(api_key="another")
    assert "asynchronous form" in case.ask(QUESTION, "claude").why


def test_a_selection_is_all_that_is_told(case, served):
    body = case.preview(QUESTION, about=("orders.order_id",))
    assert "order_id" in body
    assert "customer" not in body
    assert "amount" not in body
    case.ask(QUESTION, "claude", about=("orders",))
    assert case.sent[0].columns == ("orders.order_id", "orders.customer_id", "orders.amount")
    assert "email" not in json.dumps(served.requests[0][2]["messages"])
    assert all("customers" not in s.text for s in case.ask("how many rows?", about=("orders",)).said)
    with pytest.raises(KitError, match=r"orders\.amount"):
        case.preview(QUESTION, about=("orders.amuont",))


def test_recorded_then_replayed_without_a_key_or_a_network(case, served, tmp_path, monkeypatch):
    tape = tmp_path / "tape.json"
    asked = case.ask(QUESTION, "claude", record=tape)
    kept = tape.read_text()
    assert "test-key" not in kept
    assert "mail.example" not in kept
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    seen = []
    told = dk.open(case.places[0]).ask(QUESTION, f"replay:{tape}", seen.append)
    assert (told.said, told.cells) == (asked.said, asked.cells)
    assert told.agent.startswith("replay of claude-sonnet-5-5")
    assert [e.kind for e in seen] == [b.event.kind for b in read_cassette(tape).exchanges[0].beats]
    assert len(served.requests) == 1
    with pytest.raises(KitError, match=QUESTION):
        case.ask("How many order are there?", f"replay:{tape}")


def test_a_cassette_keeps_its_timing_and_can_be_stopped(case, served, tmp_path):
    tape = tmp_path / "tape.json"
    case.ask(QUESTION, "claude", record=tape)
    cassette = read_cassette(tape)
    slow = replace(cassette.exchanges[0], beats=tuple(replace(b, at=n * 0.2) for n, b in enumerate(cassette.exchanges[0].beats)))
    tape.write_text(json.dumps(Cassette((slow,)).to_json()))
    began = time.monotonic()
    assert case.ask(QUESTION, f"replay:{tape}").state == "complete"
    assert time.monotonic() - began >= 0.2 * (len(slow.beats) - 1)
    run = Run(on_event=None)
    answers = []

    def stop_at_once(event):
        run.stop()

    answers.append(case._ask(run, QUESTION, f"replay:{tape}", stop_at_once))
    assert answers[0].state == "stopped"


def test_a_stale_cassette_says_so(case, served, tmp_path):
    tape = tmp_path / "tape.json"
    case.ask(QUESTION, "claude", record=tape)
    with (case.folder / "orders.csv").open("a") as more:
        more.write("51,1,3.5\n")
    with pytest.raises(KitError, match="Stale cassette"):
        case.ask(QUESTION, f"replay:{tape}")
    tape.write_text("[]")
    with pytest.raises(KitError, match="no cassette"):
        case.ask(QUESTION, f"replay:{tape}")
