"""Handing over: the verbs of a Case that write for somebody else, each under the policy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataeng_kit.nouns import Advice, Choices, Evidence, Finding, Profile
from dataeng_kit.nouns.answer import Sent
from dataeng_kit.nouns.brief import Brief
from dataeng_kit.nouns.snapshot import Comparison, Snapshot

if TYPE_CHECKING:
    from dataeng_kit.data import Data

REVIEWED = ("model", "pipeline")
"""Topics that brief, review and snapshot rest on."""


class HandingOver:
    """What a Case can hand over. Each verb computes what it needs when that is not known yet."""

    places: tuple[Any, ...]

    if TYPE_CHECKING:  # what the Case brings

        @property
        def data(self) -> Data: ...  # noqa: D102  # the Case's own says it
        @property
        def profile(self) -> Profile: ...  # noqa: D102  # the Case's own says it
        @property
        def findings(self) -> tuple[Finding, ...]: ...  # noqa: D102  # the Case's own says it
        @property
        def evidence(self) -> Evidence: ...  # noqa: D102  # the Case's own says it
        @property
        def choices(self) -> Choices: ...  # noqa: D102  # the Case's own says it
        @property
        def line(self) -> str: ...  # noqa: D102  # the Case's own says it
        @property
        def sent(self) -> tuple[Sent, ...]: ...  # noqa: D102  # the Case's own says it
        def advise(self, topic: str) -> Advice: ...  # noqa: D102  # the Case's own says it
        def brief(self) -> Brief: ...  # noqa: D102  # the Case's own says it

    def report(self, table: str, out: str | Path | None = None, show_values: bool = False) -> Path:
        """Return the path of a ydata-profiling report of a labelled sample; sensitive columns are masked."""
        from dataeng_kit.profile.report import report

        return report(self.data, table, profile=self.profile, out=Path(out) if out else None, show_values=show_values)

    def review(
        self,
        out: str | Path,
        *,
        compare: str | Path | None = None,
        exceptions: str | Path | None = None,
        export: Sequence[str] = (),
        notebook: bool = False,
        verify: bool = False,
    ) -> list[Path]:
        """Write the data-discovery review and its snapshot and return the files written.

        *compare*: an older snapshot; *exceptions*: a folder for the failing rows, one CSV per finding; *export*: further
        formats of ``md ipynb csv xlsx sarif dbml dbt adr``; *notebook*: as ``export=("ipynb",)``; *verify*: measure every
        number again and strike what no longer holds.
        """
        from dataeng_kit.review import formats, write_review

        export = formats((*export, *(("ipynb",) if notebook else ())))  # a wrong name is told before anything is measured
        return write_review(
            self.evidence,
            tuple(self.advise(t) for t in REVIEWED),
            out=Path(out),
            choices=self.choices,
            brief=self.brief(),
            data=self.data,
            previous=Path(compare) if compare else None,
            exceptions=Path(exceptions) if exceptions else None,
            open_line=self.line,
            ledger=self.sent,
            export=export,
            verify=verify,
        )

    def snapshot(self, out: str | Path | None = None) -> Snapshot:
        """Return evidence, advice and verdicts as the policy lets them be seen, and write them to *out* (.json) when named."""
        from dataeng_kit.review import take_snapshot, write_snapshot

        taken = take_snapshot(self.evidence, tuple(self.advise(t) for t in REVIEWED), self.brief(), self.choices)
        if out:
            write_snapshot(taken, Path(out))
        return taken

    def compare(self, old: str | Path | Snapshot) -> Comparison:
        """Return what moved since *old*, a snapshot or its file; raises `KitError` when the file is none."""
        from dataeng_kit.review.compare import compare, read_snapshot

        return compare(old if isinstance(old, Snapshot) else read_snapshot(Path(old)), self.snapshot().evidence)

    def exceptions(self, folder: str | Path) -> list[Path]:
        """Write the failing rows of each finding as one CSV into *folder* and return the files."""
        from dataeng_kit.review import exceptions

        return exceptions(self.findings, self.data, Path(folder), self.evidence, self.choices)

    def write(self, project: str, folder: str | Path) -> list[Path]:
        """Write a project that a team can own into *folder* and return its files.

        ``dbt``: the star schema with its tests; ``python``: the loading pipeline without dbt; ``contract``: the data contract.
        Raises `KitError` for an unknown project, or when the folder holds something the kit did not write.
        """
        from dataeng_kit.advice import projects

        files = [str(Path(p).resolve()) for p in self.places if isinstance(p, str) and "://" not in p]
        return projects.write(project, self.evidence, Path(folder), files if len(files) == len(self.places) else ())
