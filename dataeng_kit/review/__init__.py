"""Review: evidence, advice and verdicts → the files a consultant hands over."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from dataeng_kit import __version__
from dataeng_kit.data import Data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Advice, Choices, Evidence
from dataeng_kit.nouns.brief import Brief
from dataeng_kit.nouns.snapshot import Snapshot
from dataeng_kit.privacy import Policy, visible
from dataeng_kit.review.compare import compare, hashes, read_snapshot
from dataeng_kit.review.exceptions import exceptions as exceptions
from dataeng_kit.review.links import Links
from dataeng_kit.review.markdown import markdown
from dataeng_kit.review.notebook import notebook as as_notebook
from dataeng_kit.review.page import Page
from dataeng_kit.review.render import Section, document, sections
from dataeng_kit.review.verify import verify as measure_again
from dataeng_kit.run import Run
from dataeng_kit.show.md import escape

HIDDEN = (
    "By policy this report holds counts and shapes, no raw value of a person: no example, minimum, maximum or frequent value. "
    "A value inside a query or a quotation reads …"
)


def write_review(
    evidence: Evidence,
    advice: tuple[Advice, ...],
    *,
    out: Path,
    choices: Choices,
    brief: Brief,
    data: Data | None = None,
    previous: Path | None = None,
    exceptions: Path | None = None,
    open_line: str = "",
    ledger: Sequence[Any] = (),
    notebook: bool = False,
    text: bool = False,
    verify: bool = False,
    run: Run | None = None,
) -> list[Path]:
    """Write the review at *out* (.html) with its snapshot (.json) beside it, and return the files written.

    On request also a notebook (.ipynb), Markdown (.md), the failing rows (*exceptions*, a folder); *verify* measures every
    number again first; *previous* is the snapshot of an older review. *data* is needed for *exceptions* and *verify* only.
    Raises `KitError` when *previous* is no snapshot, or when *data* is missing.
    """
    if data is None and (verify or exceptions):
        raise KitError("Failing rows and a second measurement need the data", "Call case.review(…)")
    started, run = time.monotonic(), run or Run()
    struck, measured = measure_again(evidence, data, run) if verify and data else ({}, 0)
    run.step("writing the review")
    older, policy = read_snapshot(previous) if previous else None, Policy(dict(choices.inputs.policy))
    made = datetime.now().isoformat(sep=" ", timespec="seconds")
    data_hash, profile_hash = hashes(evidence)
    shown, seen_advice, seen_brief = seen(evidence, advice, brief, policy)
    page = Page(
        shown,
        seen_advice,
        seen_brief,
        choices,
        Links(shown.profile.by_id, struck, frozenset(f.id for f in shown.findings)),
        made,
        __version__,
        data_hash,
        profile_hash,
        said(choices),
        open_line,
        tuple(ledger),
        compare(older, shown) if older else None,
        versions(evidence),
        time.monotonic() - started,
        _verified(struck, measured) if verify else "",
    )
    snapshot = Snapshot(
        evidence.name,
        made,
        __version__,
        data_hash,
        profile_hash,
        shown,
        page.brief,
        page.advice,
        choices.verdicts,
        dict(choices.inputs.policy),
    )
    files = _write(page, snapshot, out, notebook, text)
    if exceptions and data:
        from dataeng_kit.review.exceptions import exceptions as failing

        files += failing(evidence.findings, data, exceptions, evidence.profile, choices, run)
    return files


@dataclass(frozen=True)
class Shown(Evidence):
    """Evidence with all that a review says about it: one pass of the privacy gate then knows the columns behind every word."""

    advice: tuple[Advice, ...] = ()
    brief: Brief | None = None


def seen(
    evidence: Evidence, advice: tuple[Advice, ...], brief: Brief, policy: Policy
) -> tuple[Evidence, tuple[Advice, ...], Brief]:
    """Return evidence, advice and brief as *policy* lets them be seen, without the folders of this machine."""
    own = {f.name: getattr(evidence, f.name) for f in fields(evidence)}
    whole = without_folders(visible(Shown(**own, advice=advice, brief=brief), policy))
    assert isinstance(whole, Shown)
    assert whole.brief is not None
    return Evidence(**{name: getattr(whole, name) for name in own}), whole.advice, whole.brief


def said(choices: Choices) -> str:
    """Return the sentence on the front page about what this file shows of the data."""
    shown = sorted(r for r, level in choices.inputs.policy.items() if level == "values")
    return f"{HIDDEN}. Shown in full by choice of the project: {', '.join(shown)}." if shown else f"{HIDDEN}."


def without_folders(evidence: Evidence) -> Evidence:
    """Return *evidence* with paths below the folder that all its files share: where it lay on this machine is no finding."""
    paths = [p for p in (*(t.source for t in evidence.tables), *(s.path for s in evidence.skipped)) if Path(p).is_absolute()]
    if not paths:
        return evidence
    base = Path(os.path.commonpath([str(Path(p).parent) for p in paths]))

    def short(path: str) -> str:
        return Path(path).relative_to(base).as_posix() if Path(path).is_absolute() and Path(path).is_relative_to(base) else path

    tables = tuple(replace(t, source=short(t.source), parts=tuple(map(short, t.parts))) for t in evidence.tables)
    return replace(evidence, tables=tables, skipped=tuple(replace(s, path=short(s.path)) for s in evidence.skipped))


def versions(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    """Return the versions of what measured and wrote."""
    from importlib.metadata import PackageNotFoundError, version

    found = [("dataeng_kit", __version__), ("Python", platform.python_version()), ("measured by", evidence.profile.engine)]
    for package in ("duckdb", "sqlglot", "jinja2"):
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def _verified(struck: dict[str, Any], measured: int) -> str:
    return (
        f"At writing, {measured:,} numbers were measured again by their query; {len(struck):,} no longer hold and are struck out."
    )


def _write(page: Page, snapshot: Snapshot, out: Path, notebook: bool, text: bool) -> list[Path]:
    out.parent.mkdir(parents=True, exist_ok=True)
    parts: list[Section] = sections(page)
    contents = {
        out: document(page, parts),
        out.with_suffix(".json"): json.dumps(snapshot.to_json(), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        + "\n",
    }
    if notebook:
        contents[out.with_suffix(".ipynb")] = json.dumps(as_notebook(page, parts), ensure_ascii=False, indent=1) + "\n"
    if text:
        body = "\n\n".join(f"## {p.number} {p.title}\n\n{markdown(str(p.html))}" for p in parts)
        contents[out.with_suffix(".md")] = f"# Data discovery review: {escape(page.evidence.name)}\n\n{page.policy}\n\n{body}\n"
    for path, content in contents.items():
        path.write_text(content, "utf-8", newline="\n")
    return list(contents)
