"""The fence round Python that a model wrote: an audit hook on every system, Landlock where the kernel has it.

Runs in the child. Layers and order follow the kernel's documentation (landlock(7)); the hook alone is blind to compiled
code, so without Landlock nothing is executed.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

UNFENCED = 77
"""The child's exit code where the kernel has no Landlock: the cell was not executed."""
_ALLOWED = frozenset(
    "pandas numpy duckdb math statistics datetime decimal fractions collections itertools functools re json string random "
    "textwrap typing dataclasses operator time calendar zoneinfo dateutil pyarrow polars".split()
)
_DENIED = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.kill", "ctypes.",
           "pty.", "winreg.", "shutil.", "ftplib.", "smtplib.", "urllib.", "http.", "webbrowser.", "sys.addaudithook",
           "sys._getframe", "gc.get_objects", "code.__new__")  # fmt: skip
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF, _NO_NEW_PRIVILEGES = 444, 445, 446, 38
_LARGEST_FILE = 50 * 2**20
_READ, _EXECUTE = 0b1100, 1


def main(file: str, database: str, work: str) -> None:
    """Run one cell behind the fence; exits with `UNFENCED` before it where the fence cannot stand."""
    from dataeng_kit.checks.limits import LIMITS, restrain

    source = Path(file).read_text("utf-8")
    restrain(LIMITS)
    _cap_files()
    case = Tables(database)
    if not landlock(Path(work), (database, *_libraries())):
        raise SystemExit(UNFENCED)
    sys.addaudithook(_hook(Path(work)))
    exec(compile(source, "cell.py", "exec"), {"__name__": "__main__", "case": case})


def _cap_files() -> None:
    try:
        import resource
    except ImportError:  # another system: there is no Landlock either, and nothing will run
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))


class Tables:
    """What a cell calls ``case``: the tables of the scratch copy, as frames."""

    def __init__(self, database: str) -> None:
        import duckdb
        import pandas  # noqa: F401  # imported before the fence stands, which its own import would hit

        self._connection = duckdb.connect(database, read_only=True)
        self._connection.execute("SET enable_external_access=false; SET lock_configuration=true")
        self._connection.execute("SELECT 1").df()

    def frame(self, table: str) -> Any:
        """Return one table as a pandas frame."""
        from dataeng_kit.technologies.duckdb import DuckDB

        return self._connection.execute(f"SELECT * FROM {DuckDB.quote(table)}").df()


def _libraries() -> Iterable[str]:
    roots = {sys.prefix, sys.base_prefix, str(Path(__file__).parents[2]), "/usr/lib", "/lib", "/lib64", "/usr/share/zoneinfo"}
    return (p for p in (*sorted(roots), "/proc", "/sys", "/etc/localtime") if os.path.exists(p))


def _hook(work: Path) -> Any:
    inside = str(work.resolve()) + os.sep

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_DENIED):
            raise PermissionError(f"the fence refuses {event}")
        if event == "import" and (root := str(arguments[0]).partition(".")[0]) not in sys.modules and root not in _ALLOWED:
            if root not in sys.stdlib_module_names or root in ("socket", "subprocess", "ctypes", "multiprocessing", "asyncio"):
                raise ImportError(f"the fence refuses to import {root}")
        if event == "open" and isinstance(arguments[0], str) and _writes(arguments):
            if not os.path.abspath(arguments[0]).startswith(inside):
                raise PermissionError("the fence refuses to write outside the work folder")

    return hook


def _writes(arguments: tuple[Any, ...]) -> bool:
    mode, flags = arguments[1], arguments[2]
    told = isinstance(mode, str) and any(c in mode for c in "wax+")
    return told or bool(isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def landlock(work: Path, readable: Iterable[str]) -> int:
    """Let this process write only below *work* and read only *readable*, without TCP; return the kernel's version, 0 without."""
    if not sys.platform.startswith("linux"):
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    version = int(libc.syscall(_CREATE_RULESET, None, 0, 1))
    if version < 1:
        return 0
    write = sum(1 << b for b in (1, *range(4, 13))) | (1 << 13 if version >= 2 else 0) | (1 << 14 if version >= 3 else 0)
    handled = write | _READ | _EXECUTE
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    shape = struct.pack("QQQ", handled, 3 if version >= 4 else 0, 3 if version >= 6 else 0)[:size]
    rules = libc.syscall(_CREATE_RULESET, shape, len(shape), 0)
    if rules < 0:
        return 0

    def allow(path: str, rights: int) -> bool:
        opened = os.open(path, os.O_PATH)
        try:
            if not stat.S_ISDIR(os.fstat(opened).st_mode):
                rights &= 0b111 | 1 << 14
            return not libc.syscall(_ADD_RULE, rules, 1, struct.pack("=QI", rights & handled, opened), 0)
        finally:
            os.close(opened)

    if not all((allow(str(work), write | _READ), allow("/dev/null", 0b110), *(allow(p, _READ) for p in readable))):
        return 0
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return 0 if libc.syscall(_RESTRICT_SELF, rules, 0) else version


if __name__ == "__main__":
    main(*sys.argv[1:])
