"""Fixtures every room may use; real engines are started here, in temporary folders, and ended by their own process."""

from __future__ import annotations

import contextlib
import glob
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

INSTALL = "apt-get install -y --no-install-recommends postgresql"


def _binaries() -> str | None:
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(Path(p).parent.name), reverse=True)
    found = shutil.which("initdb")
    return folders[0] if folders else str(Path(found).parent) if found else None


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; there the distribution's own user runs it."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command] if root else command


def free_port() -> int:
    """Return a port that nobody listened on a moment ago."""
    with contextlib.closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Return the URL of an empty database on a fresh PostgreSQL cluster; each test makes its own schema or database."""
    binaries = _binaries()
    if binaries is None:
        reason = f"no PostgreSQL server here: {INSTALL}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    port, cluster = free_port(), str(folder / "cluster")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/tmp"}
    subprocess.run(
        _as_postgres([f"{binaries}/initdb", "-D", cluster, "-A", "trust", "-U", "kit", "-E", "UTF8", "--no-sync"]), **quiet
    )
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c shared_buffers=32MB -c max_connections=40"
    control = [f"{binaries}/pg_ctl", "-w", "-D", cluster]
    subprocess.run(_as_postgres([*control, "-l", str(folder / "log"), "-o", options, "start"]), **quiet)
    try:
        yield f"postgresql://kit@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(_as_postgres([*control, "-m", "immediate", "stop"]), **quiet)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """Return the URL of a fresh, empty database that is dropped after the test."""
    import psycopg

    name = f"t_{os.getpid()}_{free_port()}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    yield postgres_url.rsplit("/", 1)[0] + "/" + name
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def mysql_url() -> Iterator[str]:
    """Return the URL of the database ``shop`` on a fresh MariaDB, which speaks MySQL's protocol."""
    server, install = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
    if server is None or install is None:
        reason = "no MariaDB server here: apt-get install -y --no-install-recommends mariadb-server"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="maria-", dir="/tmp"))
    user = "mysql" if hasattr(os, "geteuid") and os.geteuid() == 0 else os.environ.get("USER", "")
    if user == "mysql":
        shutil.chown(folder, "mysql", "mysql")
    own = ["--no-defaults", f"--user={user}", f"--datadir={folder / 'data'}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/tmp"}
    subprocess.run([install, *own, "--auth-root-authentication-method=normal"], check=True, **quiet)
    port = free_port()
    process = subprocess.Popen([server, *own, f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder / 's'}"], **quiet)
    try:
        import pymysql

        for _ in range(100):
            with contextlib.suppress(pymysql.Error), pymysql.connect(host="127.0.0.1", port=port, user="root") as connection:
                connection.cursor().execute("CREATE DATABASE shop CHARACTER SET utf8mb4")
                break
            time.sleep(0.2)
        yield f"mysql://root@127.0.0.1:{port}/shop"
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    """Return a session on a standalone Spark master with two workers, all on this machine; one for the whole run."""
    spark = pytest.importorskip("pyspark", reason="pip install 'dataeng-kit[spark]'")
    if shutil.which("java") is None:
        pytest.skip("no Java here, which Spark needs")
    home, folder = Path(spark.__file__).parent, Path(tempfile.mkdtemp(prefix="spark-"))
    # SPARK_SCALA_VERSION: without it a worker looks for the folders of a source build
    own = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home), "SPARK_SCALA_VERSION": "2.13"}
    quiet = {"env": {**os.environ, **own}, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    java = ["java", "-Xmx256m", "-cp", str(home / "jars" / "*")]
    master = f"127.0.0.1:{free_port()}"
    deploy, at = "org.apache.spark.deploy", ["--host", "127.0.0.1"]
    commands = [[f"{deploy}.master.Master", *at, "--port", master.rsplit(":", 1)[1], "--webui-port", str(free_port())]]
    for n in range(2):
        size = ["--cores", "1", "--memory", "700m", "--webui-port", str(free_port()), "--work-dir", str(folder / f"worker{n}")]
        commands.append([f"{deploy}.worker.Worker", *at, *size, f"spark://{master}"])
    processes = [subprocess.Popen([*java, *c], **quiet) for c in commands]
    os.environ |= own
    settings = {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false", "spark.executor.memory": "512m", "spark.executor.cores": "1",
        "spark.sql.shuffle.partitions": "2", "spark.sql.session.timeZone": "UTC", "spark.log.level": "ERROR",
        "spark.sql.warehouse.dir": str(folder / "warehouse"), "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        "spark.cores.max": "2", "spark.sql.codegen.wholeStage": "false", "spark.sql.adaptive.enabled": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1", "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    }  # fmt: skip
    try:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(f"spark://{master}").appName("dataeng_kit")
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield session
        session.stop()
    finally:
        for process in processes:
            process.terminate()
            process.wait(20)
        for name in own:
            os.environ.pop(name, None)
        shutil.rmtree(folder, ignore_errors=True)


def _shop_module() -> Any:
    spec = importlib.util.spec_from_file_location("kit_shop", Path(__file__).parent / "design" / "shop.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def shop_tools() -> Any:
    """Return the module that makes the shop of the design tests."""
    return _shop_module()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, shop_tools: Any) -> Iterator[Any]:
    """Return the shop's data and evidence, opened and profiled once for the tests of a module."""
    data, evidence = shop_tools.shop(tmp_path_factory.mktemp("shop"))
    yield data, evidence
    data.close()
