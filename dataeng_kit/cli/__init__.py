"""The shell verbs: thin, each shows what one verb of the Case returns; --json prints one strict document."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dataeng_kit.cli import verbs
from dataeng_kit.cli.printing import done
from dataeng_kit.cli.words import VERBS, parser
from dataeng_kit.errors import KitError

__all__ = ["main", "parser"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 --fail-on reached, 2 bad input."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] not in VERBS and not words[0].startswith("-") and (Path(words[0]).exists() or "://" in words[0]):
        words.insert(0, "brief")
    if words[:1] == ["lab"] and "--" in words:
        words, jupyter = words[: words.index("--")], words[words.index("--") + 1 :]
    else:
        jupyter = []
    a = parser().parse_args(words)
    a.jupyter = jupyter
    if not a.verb:
        parser().print_help()
        return 2
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code: int = getattr(verbs, f"do_{a.verb}")(a)
        return code
    except KitError as error:
        done(a.quiet)
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\nStopped; nothing was kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
