"""Questions in the Project panel: ranked on demand, answered in one click whose line does the same, taken back the same way."""

import dataeng_kit as dk
from dataeng_kit.lab.workbench import Workbench


def test_asked_answered_and_taken_back(tmp_path):
    rows = "\n".join(f"{i},2024-01-{1 + i % 28:02},{i}.5" for i in range(200))
    (tmp_path / "orders.csv").write_text(f"order_id,ordered_at,total\n{rows}\n")
    case = dk.open(str(tmp_path))
    bench = Workbench(case, "project")
    bench.load()
    assert bench.worker.wait(60)
    bench.do("questions", [], {})
    assert bench.worker.wait(120)
    asked = bench.got["questions"]
    assert asked[0].asks in bench.panel.view_project
    assert "decisions wait" in bench.panel.view_project
    wanted = next(q for q in asked if q.id == "database")
    bench.do("answer", ["database", wanted.recommended], {})
    assert bench.worker.wait(120)
    assert case.context.names("databases") == ("postgresql",)
    assert "You said: PostgreSQL" in bench.panel.view_project or "postgresql" in bench.panel.view_project
    bench.do("override", ["answers", "database", ""], {})
    assert bench.worker.wait(120)
    assert case.context.names("databases") == ()
