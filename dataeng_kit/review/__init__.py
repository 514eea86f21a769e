"""Review: evidence, advice and verdicts → the files a consultant hands over."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
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
from dataeng_kit.review.brief import by_severity
from dataeng_kit.review.compare import compare, hashes, read_snapshot
from dataeng_kit.review.exceptions import exceptions as exceptions
from dataeng_kit.review.exports import formats as formats
from dataeng_kit.review.exports import write_exports
from dataeng_kit.review.files import without_folders
from dataeng_kit.review.links import Links
from dataeng_kit.review.page import Page
from dataeng_kit.review.render import document, sections
from dataeng_kit.review.verify import verify as measure_again
from dataeng_kit.run import Run

HIDDEN = (
    "By policy this report holds counts and shapes, no raw value of a person: no example, minimum, maximum or frequent value. "
    "An ellipsis (…) stands for each value hidden in a query or a quotation"
)


@dataclass(frozen=True)
class Shown(Evidence):
    """Evidence with all that a review says about it: one pass of the privacy gate then knows the columns behind every word."""

    advice: tuple[Advice, ...] = ()
    brief: Brief | None = None


def take_snapshot(evidence: Evidence, advice: tuple[Advice, ...], brief: Brief, choices: Choices) -> Snapshot:
    """Return evidence, advice and verdicts as the policy lets them be seen, without the folders of this machine."""
    policy = choices.inputs.policy
    own = {f.name: getattr(evidence, f.name) for f in fields(evidence)}
    whole = without_folders(visible(Shown(**own, advice=advice, brief=brief), Policy(dict(policy))))
    assert isinstance(whole, Shown)
    assert whole.brief is not None
    seen = Evidence(**{name: getattr(whole, name) for name in own})
    made = datetime.now().isoformat(sep=" ", timespec="seconds")
    return Snapshot(
        evidence.name, made, __version__, *hashes(evidence), seen, whole.brief, whole.advice, choices.verdicts, dict(policy)
    )


def write_snapshot(snapshot: Snapshot, path: Path) -> Path:
    """Write *snapshot* as one line of strict JSON, which ``--compare`` reads, and return *path*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(snapshot.to_json(), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    path.write_text(f"{text}\n", "utf-8", newline="\n")
    return path


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
    export: Sequence[str] = (),
    verify: bool = False,
    run: Run | None = None,
) -> list[Path]:
    """Write the review at *out* (.html) with its snapshot (.json) beside it, and return the files written.

    *export* names further formats (see `exports.formats`); *exceptions* is a folder for the failing rows; *verify* measures
    every number again first; *previous* is the snapshot of an older review. *data* is needed for *exceptions* and *verify*
    only. Raises `KitError` when *previous* is no snapshot, *data* is missing, or a format does not exist.
    """
    if data is None and (verify or exceptions):
        raise KitError("Failing rows and a second measurement need the data", "Call case.review(…)")
    started, run, wanted = time.monotonic(), run or Run(), formats(export)
    older = read_snapshot(previous) if previous else None
    struck, measured = measure_again(evidence, data, run) if verify and data else ({}, 0)
    run.step("writing the review")
    snapshot = take_snapshot(evidence, advice, brief, choices)
    numbers = {f.id: f"F{at}" for at, f in enumerate(by_severity(snapshot.evidence), 1)}
    page = Page(
        snapshot,
        choices,
        Links(snapshot.evidence.profile.by_id, struck, numbers),
        _said(choices),
        open_line,
        tuple(ledger),
        compare(older, snapshot.evidence) if older else None,
        _versions(evidence),
        time.monotonic() - started,
        _verified(struck, measured) if verify else "",
        bool(exceptions),
    )
    parts = sections(page)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(document(page, parts), "utf-8", newline="\n")
    files = [out, write_snapshot(snapshot, out.with_suffix(".json")), *write_exports(page, parts, out, wanted)]
    if exceptions and data:
        from dataeng_kit.review.exceptions import exceptions as failing

        files += failing(evidence.findings, data, exceptions, evidence, choices, run)
    return files


def _said(choices: Choices) -> str:
    shown = sorted(r for r, level in choices.inputs.policy.items() if level == "values")
    return f"{HIDDEN}. Shown in full by choice of the project: {', '.join(shown)}." if shown else f"{HIDDEN}."


def _versions(evidence: Evidence) -> tuple[tuple[str, str], ...]:
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
