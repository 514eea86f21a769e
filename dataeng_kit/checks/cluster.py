"""A private PostgreSQL cluster for checks: started when first needed, shared by the process, stopped when idle or at its end."""

from __future__ import annotations

import atexit
import contextlib
import glob
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_HOMES = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
_IDLE_SECONDS = 300.0


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL server programs on this machine, or None."""
    found = [Path(p) for pattern in _HOMES for p in glob.glob(pattern)]
    folders = [p for p in found if (p / "initdb").exists() or (p / "initdb.exe").exists()]
    if folders:
        return max(folders, key=lambda p: [int(x) for x in "".join(c if c.isdigit() else " " for c in str(p)).split()])
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class _Cluster:
    """One running cluster: its URL, and how to end it."""

    def __init__(self, home: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dataeng_kit-pg-"))
        self._control = [str(home / "pg_ctl"), "-w", "-D", str(self.folder / "cluster")]
        self._started = False
        try:
            self._start(home)
        except BaseException:
            self.end()
            raise

    def _start(self, home: Path) -> None:
        if _root():
            shutil.chown(self.folder, "postgres", "postgres")
        with contextlib.closing(socket.socket()) as s:
            s.bind(("127.0.0.1", 0))
            port = int(s.getsockname()[1])
        how = ("-A", "trust", "-U", "kit", "-E", "UTF8", "--no-sync", "--locale=C")
        self._call([str(home / "initdb"), "-D", str(self.folder / "cluster"), *how])
        memory = "-c fsync=off -c shared_buffers=64MB -c max_connections=20"
        options = f"-p {port} -h 127.0.0.1 {memory} -c unix_socket_directories=''"
        self._call([*self._control, "-l", str(self.folder / "log"), "-o", options, "start"])
        self._started = True
        self.url = f"postgresql://kit@127.0.0.1:{port}/postgres"

    def _call(self, command: list[str], check: bool = True) -> None:
        # PostgreSQL refuses root; there the distribution's own user runs it
        owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if _root() else []
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder}
        subprocess.run([*owner, *command], check=check, timeout=60, **quiet)

    def end(self) -> None:
        """Stop the server and remove its files."""
        if self._started:
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                self._call([*self._control, "-m", "immediate", "stop"], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def _root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


_lock = threading.RLock()
_running: _Cluster | None = None
_users = 0
_timer: threading.Timer | None = None


@contextlib.contextmanager
def cluster(home: Path) -> Iterator[str]:
    """Yield the URL of this process's cluster, starting it when none runs; raises what starting it raised."""
    global _running, _users
    with _lock:
        if _timer is not None:
            _timer.cancel()
        if _running is None:
            _running = _Cluster(home)
            atexit.register(_end)
        _users += 1
        url = _running.url
    try:
        yield url
    finally:
        with _lock:
            _users -= 1
            if not _users:
                _end_when_idle()


def _end_when_idle() -> None:
    global _timer
    _timer = threading.Timer(_IDLE_SECONDS, _end)
    _timer.daemon = True
    _timer.start()


def _end() -> None:
    global _running
    with _lock:
        if _running is not None and not _users:
            _running.end()
            _running = None
            atexit.unregister(_end)
