"""Scripts for Redis on a real server of their own: started for the chain, listening here only, keeping nothing, ended with it."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dataeng_kit.checks import python
from dataeng_kit.checks.emulators import missing
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.run import Run
from dataeng_kit.technologies.redis import Redis

MEMORY = "1gb"
"""What the server may hold: it refuses writes beyond, and the check fails rather than the machine."""
_START = 10


def run_chain(cells: list[Cell], source: str, folder: Path, run: Run | None) -> dict[str, Check]:
    """Return the check of every cell, ``ran`` on Redis; not checked, with the reason, where no server can be had."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    why = missing(Redis) or ("" if program else "no redis-server on PATH (apt-get install redis-server)")
    if why or program is None:
        return {c.id: Check("not_checked", "redis", why=why) for c in cells}
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with server(program, folder) as (url, version):
            checks = python.run_chain(cells, source, folder, run, extra={"REDIS_URL": url})
    except OSError as error:
        return {c.id: Check("not_checked", "redis", why=f"redis-server did not start here: {error}") for c in cells}
    held = f"own redis-server on 127.0.0.1, {MEMORY}, nothing on disk"
    return {id: replace(c, engine="redis", version=version, isolation=f"{c.isolation}; {held}") for id, c in checks.items()}


@contextlib.contextmanager
def server(program: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Start a server on a free local port and yield its URL and version; raises `OSError` when it does not answer."""
    import redis

    with contextlib.closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        port = int(s.getsockname()[1])
    secret = secrets.token_hex(16)
    options = {
        "--requirepass": secret,
        "--port": str(port),
        "--bind": "127.0.0.1",
        "--save": "",
        "--appendonly": "no",
        "--maxmemory": MEMORY,
    }
    process = subprocess.Popen(
        [program, *(x for pair in options.items() for x in pair)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        client = redis.Redis(port=port, password=secret, socket_timeout=2)
        end = time.monotonic() + _START
        while True:
            try:
                version = str(client.info("server")["redis_version"])
                break
            except redis.ConnectionError as error:
                if time.monotonic() > end or process.poll() is not None:
                    raise OSError(f"no answer within {_START} s") from error
                time.sleep(0.05)
        yield f"redis://:{secret}@127.0.0.1:{port}/0", version
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
