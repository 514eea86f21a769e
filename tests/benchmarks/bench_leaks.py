"""Bodies that would leave the machine when a curious model queries every table of a folder; written for a leak counter.

    python tests/benchmarks/bench_leaks.py TABLES BODIES.jsonl

A scripted model asks for rows, summaries, extremes and text of each column; the real client sends to a local server.
"""

import importlib.util
import os
import sys
import time
from pathlib import Path

import dataeng_kit as dk
from dataeng_kit.run import Run

spec = importlib.util.spec_from_file_location("fake_anthropic", Path(__file__).parents[1] / "agent" / "fake_anthropic.py")
fake = importlib.util.module_from_spec(spec)
sys.modules["fake_anthropic"] = fake
spec.loader.exec_module(fake)


def curious(desk):
    """Return the tool calls of a model that wants to see everything."""
    for n, table in enumerate(desk.evidence.profile.tables, 1):
        yield f"SELECT * FROM t{n} LIMIT 50"
        yield f"SUMMARIZE t{n}"
        for c in range(1, len(table.columns) + 1):
            yield f"SELECT min(c{c}), max(c{c}), mode(c{c}), string_agg(c{c}, ' | ') FROM t{n}"


def main(tables, bodies):
    """Ask once, with every call in one turn, and write what was sent; print how much."""
    for name in [n for n in os.environ if n.startswith("ANTHROPIC") or n.lower().endswith("_proxy")]:
        del os.environ[name]
    os.environ["ANTHROPIC_API_KEY"] = "local"
    case = dk.open(tables)
    begun = time.monotonic()
    desk = case._desk(Run())
    calls = [fake.tool_use("query", {"sql": sql, "why": "w"}, f"t{n}") for n, sql in enumerate(curious(desk))]
    calls += [fake.tool_use("advise", {"topic": "model"}, "a")]
    end = fake.tool_use("answer", {"claims": []}, "z")
    seconds = time.monotonic() - begun
    with fake.FakeAnthropic([fake.reply(*calls), fake.reply(end)]) as api:
        os.environ["ANTHROPIC_BASE_URL"] = api.url
        from dataeng_kit.agent import beside
        from dataeng_kit.nouns.event import Limits

        claude, data = beside(desk)
        claude.limits = Limits(seconds=3600)
        answer = claude.ask("What is in it?", data, Run())
        Path(bodies).write_bytes(b"\n".join(api.raw) + b"\n")
    print(f"{len(calls)} calls, {answer.state} {answer.why}, {sum(map(len, api.raw)):,} bytes, evidence {seconds:.0f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
