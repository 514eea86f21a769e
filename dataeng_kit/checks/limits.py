"""What a check may use: memory, threads, seconds, rows; and a child process that holds to it on every system."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dataeng_kit.errors import Stopped
from dataeng_kit.run import Run


@dataclass(frozen=True)
class Limits:
    """Bounds of one chain: bytes as DuckDB writes them, threads, wall seconds, rows copied per source table."""

    memory: str = "1GB"
    threads: int = 2
    seconds: int = 180
    rows: int = 500_000
    address_space: int = 8 * 2**30


LIMITS = Limits()


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code, what it wrote to stderr, and whether the time limit ended it."""

    code: int
    errors: str
    late: bool


def child(
    arguments: list[str],
    folder: Path,
    run: Run | None,
    limits: Limits = LIMITS,
    extra: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
) -> Ended:
    """Run Python with *arguments* in *folder*, hand its lines to *on_line*, and end it at the time limit or on Stop.

    The environment holds no variable of the user's except what Python and the system need.
    """
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=_environment(folder, extra or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    late = threading.Event()

    def expire() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(limits.seconds, expire)
    errors: list[str] = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read() if process.stderr else ""), daemon=True)
    timer.start()
    reader.start()
    try:
        with run.interruptible(process.kill) if run else contextlib.nullcontext():
            for line in process.stdout or ():
                if on_line:
                    on_line(line)
            process.wait()
    finally:
        timer.cancel()
        if process.poll() is None:
            process.kill()
            process.wait()
        reader.join(5)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
    if run and run.stopped:
        raise Stopped("checking cells")
    return Ended(process.returncode, "".join(errors)[-4000:], late.is_set())


def _environment(folder: Path, extra: Mapping[str, str]) -> dict[str, str]:
    package = str(Path(__file__).parents[2])
    kept = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
    own = {k: os.environ[k] for k in kept if k in os.environ}
    return {
        **own,
        "HOME": str(folder),
        "TEMP": str(folder),
        "TMP": str(folder),
        "TMPDIR": str(folder),
        "PYTHONPATH": package,
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **extra,
    }


def restrain(limits: Limits) -> str:
    """Set the system's own limits on this process where it has them; return in words what holds."""
    try:
        import resource
    except ImportError:
        return "no system limits on this platform"
    wanted = (
        (resource.RLIMIT_AS, limits.address_space),
        (resource.RLIMIT_CPU, limits.seconds * limits.threads),
        (resource.RLIMIT_CORE, 0),
    )
    for what, value in wanted:
        with contextlib.suppress(ValueError, OSError):  # a container may forbid it: DuckDB's own limit and the timer still hold
            hard = resource.getrlimit(what)[1]
            resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
    return f"address space {limits.address_space // 2**30} GB, processor {limits.seconds * limits.threads} s"


def reason(text: str, otherwise: str) -> str:
    """Return the line of an error output that names the error, else its last line, else *otherwise*."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = [line for line in lines if "Error" in line.split(":")[0] or "Exception" in line.split(":")[0]]
    return (named or lines or [otherwise])[-1][:600]
