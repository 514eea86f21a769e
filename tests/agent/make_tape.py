"""Record the cassette of notebook 05 against the local protocol server; run it again when a test says that it is stale.

The words of the "model" are written here, over the facts that the request really carried: no service was asked, and
the cassette says so.
"""

import json
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from fake_anthropic import FakeAnthropic, reply, text, tool_use

import dataeng_kit as dk
from dataeng_kit.agent.replay import read_cassette
from dataeng_kit.share import sample

TAPE = Path(__file__).parents[2] / "notebooks" / "tapes" / "lesson.json"
QUESTIONS = ("What identifies a row of orders?", "Which table do the orders depend on most?")
NOTE = "Recorded against a local server that speaks the service's protocol; the model's words were written by the kit's authors."


def told(body):
    """Return the case as the request carried it."""
    return json.loads(body["messages"][0]["content"][0]["text"].partition("\n")[2])


def table(data, name):
    return next(t for t in data["tables"] if t["label"] == name)


def claim(words, *facts):
    return {"text": words, "kind": "measured" if facts else "opinion", "facts": list(facts), "lines": []}


def look(body):
    return reply(text("I look the facts up first. "), tool_use("look_up", {"ids": ["orders#rows", "orders.order_id#distinct"]}))


def try_it(body):
    t = table(told(body), "orders")
    key = next(c["alias"] for c in t["columns"] if c["label"] == "order_id")
    sql = f"SELECT count(*) AS rows, count(DISTINCT {key}) AS keys FROM {t['alias']}"
    cell = {
        "language": "sql",
        "title": "Is order_id a key?",
        "purpose": "Rows against distinct values",
        "source": sql,
        "facts": ["orders#rows"],
    }
    return reply(text("Then I count once more, on the data itself."), tool_use("propose_cell", cell, "toolu_cell"))


def key(body):
    t = table(told(body), "orders")
    distinct = next(c["distinct"] for c in t["columns"] if c["label"] == "order_id")
    rows = f"orders has {t['rows']:,} rows."
    same = f"order_id holds {distinct:,} distinct values" + (
        ", one for each row." if distinct == t["rows"] else ": it repeats, so it is no key."
    )
    wrong = f"About {t['rows'] + 1_000:,} orders came in."
    claims = [claim(rows, "orders#rows"), claim(same, "orders.order_id#distinct", "orders#rows"), claim(wrong, "orders#rows"),
              claim("I would declare it the primary key and test it at each load.")]  # fmt: skip
    return reply(tool_use("answer", {"claims": claims}, "toolu_answer"))


def strongest(body):
    data = told(body)
    orders = table(data, "orders")["alias"]
    return max((k for k in data["foreign_keys"] if k["from"][0] == orders), key=lambda k: k["coverage"])


def look_again(body):
    return reply(text("The measured foreign keys answer this."), tool_use("look_up", {"ids": [strongest(body)["fact"]]}))


def depends(body):
    link = strongest(body)
    orphans = json.loads(body["messages"][-1]["content"][0]["content"])[link["fact"]]["value"]
    parent = next(t for t in told(body)["tables"] if t["alias"] == link["to"][0])
    words = f"On {parent['label']}: all but {orphans:,} rows find theirs there."
    advice = claim("I would load those into quarantine with the reason, and ask the owner whether guests may order.")
    return reply(tool_use("answer", {"claims": [claim(words, link["fact"]), advice]}, "toolu_answer"))


def main():
    for name in [n for n in os.environ if n.startswith("ANTHROPIC") or n.lower().endswith("_proxy")]:
        del os.environ[name]
    TAPE.parent.mkdir(exist_ok=True)
    TAPE.unlink(missing_ok=True)
    with FakeAnthropic([look, try_it, key, look_again, depends]) as api, tempfile.TemporaryDirectory() as place:
        os.environ |= {"ANTHROPIC_BASE_URL": api.url, "ANTHROPIC_API_KEY": "none"}
        shutil.copytree(sample("ecommerce"), Path(place) / "ecommerce")  # the ledger of this talk is nobody's
        case = dk.open(Path(place) / "ecommerce")
        for question in QUESTIONS:
            answer = case.ask(question, "claude", record=TAPE)
            assert answer.state == "complete", answer.why
    tape = replace(read_cassette(TAPE), note=NOTE)
    TAPE.write_text(json.dumps(tape.to_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(TAPE)


if __name__ == "__main__":
    main()
