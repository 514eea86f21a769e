"""The agent file for Claude Code: a recipe over what the policy lets be seen; the client's words stand in it as JSON alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shlex
from collections.abc import Sequence
from pathlib import Path

from dataeng_kit import __version__, recipes
from dataeng_kit.agent.prompt import case_data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Evidence
from dataeng_kit.nouns.base import plain
from dataeng_kit.nouns.context import Context
from dataeng_kit.recipes import Code

PLACE = Path(".claude") / "agents" / "data-engineer.md"
_RECIPE = "assistant/data-engineer"
_MARK = "measured by dataeng_kit"
_IN_USE = ("databases", "processing", "orchestration", "cloud", "storage", "domains", "patterns", "compliance")


def write_agent(seen: Evidence, places: Sequence[str], folder: Path) -> Path:
    """Write ``.claude/agents/data-engineer.md`` into *folder* and return it; *seen* is what the policy lets be seen.

    Raises `KitError` when a file of that name stands there that the kit did not write.
    """
    out = folder / PLACE
    if out.is_file() and _MARK not in out.read_text("utf-8", "replace"):
        raise KitError(f"{out} is not the kit's own file", "Move it away, or name another folder with --out")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(agent_file(seen, places), "utf-8", newline="\n")
    return out


def agent_file(seen: Evidence, places: Sequence[str]) -> str:
    """Return the file's text; *places* are what the case was opened on, as its commands name them."""
    data = " ".join(shlex.quote(p) for p in places) or "DATA"
    prints = "".join(sorted(t.fingerprint for t in seen.tables))
    told = json.dumps(plain(case_data(seen)), ensure_ascii=True, indent=1).replace("`", "\\u0060")
    context: Context = seen.context
    used = [n for kind in _IN_USE for n in context.names(kind)]
    words = {
        "profile_line": f"dataeng-kit profile {data} --json",
        "advise_line": f"dataeng-kit advise {data} --topic model",
        "mcp_line": f"dataeng-kit mcp {data}",
        "export_line": f"dataeng-kit agent export {data}",
        "in_use": ", ".join(dict.fromkeys(used)),
        "not_used": ", ".join(dict.fromkeys(m.name for m in context.not_used)),
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
        "version": __version__,
        "fingerprint": hashlib.sha256(prints.encode()).hexdigest()[:12],
        "facts": told,
    }
    # ids of our own vocabulary, quoted paths and escaped JSON: nothing of the client's reaches the prompt bare
    return recipes.render(
        _RECIPE, {k: Code(v.replace("`", "'").replace("\n", " ") if k.endswith("_line") else v) for k, v in words.items()}
    )
