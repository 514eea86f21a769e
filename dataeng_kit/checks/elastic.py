"""Elasticsearch requests without a server: Elastic's own types through tsc where node has them, else a shape of ours."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dataeng_kit.checks.compare import measured
from dataeng_kit.checks.emulators import missing
from dataeng_kit.checks.limits import LIMITS
from dataeng_kit.errors import Stopped
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.run import Run
from dataeng_kit.technologies.elasticsearch import Elasticsearch

PLACE = "DATAENG_NODE_MODULES"
"""Environment variable that names a node_modules folder with ``typescript`` and ``@elastic/elasticsearch``."""
_TYPES = (
    (r"/_ilm/policy/(?P<name>[^/]+)", "IlmPutLifecycleRequest", "policy"),
    (r"/_index_template/(?P<name>[^/]+)", "IndicesPutIndexTemplateRequest", "template"),
    (r"/(?P<index>[^/]+)/_search", "SearchRequest", "search"),
    (r"/(?P<index>[^/_][^/]*)", "IndicesCreateRequest", "index"),
)
"""Path → the client's request type and our own shape."""
_OBJECT: dict[str, Any] = {"type": "object"}
_LIST: dict[str, Any] = {"type": "array", "minItems": 1}
_FIELD = {
    "type": "object", "required": ["type"], "additionalProperties": False,
    "properties": {
        "type": {"enum": sorted({*Elasticsearch.types.values(), "text", "search_as_you_type"})},
        "analyzer": {"enum": ["standard", "cjk", "russian", "arabic", *Elasticsearch.analysers]},
        "ignore_above": {"type": "integer", "minimum": 1}, "scaling_factor": {"type": "number"},
        "doc_values": {"type": "boolean"},
        "fields": {"type": "object", "additionalProperties": {"type": "object", "required": ["type"]}},
    },
}  # fmt: skip


def _closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


SHAPES: dict[str, dict[str, Any]] = {
    "policy": _closed(["policy"], policy=_closed(["phases"], phases=_closed(["hot"], hot=_OBJECT, delete=_OBJECT))),
    "template": _closed(
        ["index_patterns", "template"], index_patterns=_LIST,
        template=_closed(["settings", "mappings"], settings=_OBJECT, mappings=_closed(
            ["properties"], dynamic={"enum": ["strict"]}, properties={"type": "object", "additionalProperties": _FIELD})),
    ),
    "search": _closed(["query"], query=_closed(["multi_match"], multi_match=_closed(["query", "fields"], query={}, fields=_LIST)),
                      aggs=_OBJECT),
    "index": _closed(["aliases"], aliases=_OBJECT),
}  # fmt: skip
"""What our own requests may hold: JSON Schema, level ``shaped``."""


@dataclass(frozen=True)
class Request:
    """One request of a console file with the client's type of it and our own shape."""

    line: str
    type: str
    shape: str
    parts: dict[str, str]
    body: Any


def requests(text: str) -> list[Request]:
    """Return the requests of a console file; raises `ValueError` for a line or body that is none."""
    found = []
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for block in re.split(r"\n(?=(?:GET|PUT|POST|DELETE) /)", "\n" + bare):
        line, _, body = block.strip().partition("\n")
        if not line:
            continue
        path = line.partition(" ")[2]
        known = next(((m, t, s) for p, t, s in _TYPES if (m := re.fullmatch(p, path))), None)
        if known is None:
            raise ValueError(f"no request that is known here: {line[:100]}")
        found.append(Request(line, known[1], known[2], known[0].groupdict(), json.loads(body)))
    return found


def modules() -> Path | None:
    """Return a node_modules folder with tsc and Elastic's types, if node and both are at hand."""
    here = Path.cwd()
    places = [Path(os.environ[PLACE])] if PLACE in os.environ else [p / "node_modules" for p in (here, *here.parents)]
    good = (p for p in places if (p / "typescript/bin/tsc").is_file() and (p / "@elastic/elasticsearch").is_dir())
    return next(good, None) if shutil.which("node") else None


def run_chain(cells: list[Cell], source: str, folder: Path, run: Run | None) -> dict[str, Check]:
    """Return ``parsed`` where Elastic's types are found, ``shaped`` else; not checked without jsonschema."""
    if why := missing(Elasticsearch):
        return {c.id: Check("not_checked", "elasticsearch", why=why) for c in cells}
    folder.mkdir(parents=True, exist_ok=True)
    return {c.id: _one(c, folder, run) for c in cells}


def _one(cell: Cell, folder: Path, run: Run | None) -> Check:
    begun, place = time.monotonic(), modules()
    try:
        asked = requests(cell.source)
    except ValueError as error:
        return Check("failed", "elasticsearch", why=str(error)[:400])
    engine, known = "jsonschema", version("jsonschema")
    level, gap = "shaped", f"our own shape only: name a node_modules with Elastic's types in {PLACE} to have them parsed"
    refused = _shaped(asked)
    if place and not refused:
        level, engine, known, gap = "parsed", "tsc", _version(place), "Elastic's own types; no server, nothing was indexed"
        refused = _typed(asked, place, folder, run)
    seconds = round(time.monotonic() - begun, 3)
    if refused:
        late = refused.startswith("ended")
        return Check("not_checked" if late else "failed", engine, known, seconds, why=refused)
    counts = {"requests": len(asked), "accepted": len(asked)}
    held = tuple(measured(e, counts[e.left], counts[e.right]) for e in cell.expects)
    return Check(level, engine, known, seconds, reconciliation=held, why=gap)


def _shaped(asked: list[Request]) -> str:
    """Return the first body that breaks our shape, in words; empty when all hold."""
    checker: Any = import_module("jsonschema")
    for r in asked:
        error = next(checker.Draft202012Validator(SHAPES[r.shape]).iter_errors(r.body), None)
        if error is not None:
            return f"{r.line}: {error.json_path}: {error.message}"[:400]
    return ""


def _version(place: Path) -> str:
    packages = ("typescript", "@elastic/elasticsearch")
    found = (json.loads((place / p / "package.json").read_text("utf-8"))["version"] for p in packages)
    return " + client ".join(map(str, found))


def _typed(asked: list[Request], place: Path, folder: Path, run: Run | None) -> str:
    """Return what the TypeScript compiler refuses; empty when every body is of its request's type."""
    lines = ['import type { estypes } from "@elastic/elasticsearch"']
    bodies = [json.dumps({**r.parts, **r.body}, ensure_ascii=True) for r in asked]
    lines += [f"export const r{n}: estypes.{r.type} = {body}" for n, (r, body) in enumerate(zip(asked, bodies, strict=True))]
    (folder / "requests.mts").write_text("\n".join(lines) + "\n", "utf-8")
    options = {
        **{
            "strict": True,
            "noEmit": True,
            "skipLibCheck": True,
            "types": [],
            "module": "nodenext",
            "moduleResolution": "nodenext",
        },
        "paths": {"@elastic/elasticsearch": [str(place / "@elastic/elasticsearch/index.d.ts")]},
    }
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": ["requests.mts"]}), "utf-8")
    command = [shutil.which("node") or "node", str(place / "typescript/bin/tsc"), "-p", str(folder)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    try:
        with run.interruptible(process.kill) if run else contextlib.nullcontext():
            output, _ = process.communicate(timeout=LIMITS.seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return f"ended at the limit of {LIMITS.seconds} s"
    if run and run.stopped:
        raise Stopped("checking cells")
    return "" if process.returncode == 0 else (output.strip().splitlines() or ["tsc failed"])[0][:400]
