"""A real OpenSearch for tests: `with running(folder) as server: server.url`.

Java and Maven have to be there. Maven fetches the server once, into the user's cache; a class archive that is written
when a first server stops halves the start of later ones.

    python -m tests.cluster.server FOLDER [--nodes 2] [--version 2.19.1.0]

starts one by hand, until Ctrl-C.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

NEWEST: Final = "3.8.0.0"
OLDEST: Final = "2.19.1.0"
"""Versions of the runner; the first two or three numbers are those of the server in it."""
_JAVA: Final = {NEWEST: (21, 99), OLDEST: (17, 23)}
"""The first and last version of Java that runs each; Java 24 has no security manager, which the old one asks for."""
_POM: Final = Path(__file__).with_name("pom.xml")
_START_S: Final = 120.0
_STOP_S: Final = 60.0
_SETTINGS: Final = (
    "cluster.routing.allocation.disk.threshold_enabled: false\n"
    "indices.breaker.total.use_real_memory: false\n"
    "action.auto_create_index: false\n"
)


class NoServer(Exception):
    """No server can be started here: no Java, no Maven, or it did not come up."""


class Server:
    """A server that runs: the addresses of its nodes, and its process where it was started here."""

    def __init__(self, process: subprocess.Popen[str] | None, urls: list[str]) -> None:
        self.process, self.urls, self.url = process, urls, urls[0]

    def ask(self, path: str, body: object = None, method: str | None = None) -> object:
        """Return what the server answers; raises urllib.error.HTTPError."""
        data = None if body is None else json.dumps(body).encode()
        how = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", data, how, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


def newest_java(version: str) -> Path | None:
    """Return the newest Java of this machine that runs a version of the server, or None."""
    least, most = _JAVA[version]
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    for folder in ("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines", "/opt/java"):
        homes += [home for one in Path(folder).glob("*") for home in (one, one / "Contents" / "Home")]
    found = [home / "bin" / "java" for home in homes if (home / "bin" / "java").exists()]
    if on_path := shutil.which("java"):
        found.append(Path(on_path))
    versions = [(number, java) for java in found if least <= (number := _java_version(java)) <= most]
    return max(versions, key=lambda one: one[0])[1] if versions else None


def _java_version(java: Path) -> int:
    release = java.resolve().parents[1] / "release"
    with suppress(OSError):
        if found := re.search(r'JAVA_VERSION="(?:1\.)?(\d+)', release.read_text("utf-8")):
            return int(found[1])
    return 0


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "searcher-tests" / "opensearch"


def library(version: str = NEWEST) -> Path:
    """Return the folder with the server's JARs, which are fetched where they are not there yet; raises NoServer."""
    folder = _cache() / version
    if (folder / "complete").exists():
        return folder / "lib"
    maven = shutil.which("mvn")
    if maven is None:
        raise NoServer("Maven is not there, which fetches OpenSearch for the tests")
    fetched = folder.with_name(f"{version}.{os.getpid()}")
    command = [maven, "-B", "-q", "-f", str(_POM), f"-Drunner={version}", "dependency:copy-dependencies"]
    command += [f"-DoutputDirectory={fetched / 'lib'}", "-DincludeScope=runtime"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoServer(f"Maven could not fetch OpenSearch: {(done.stdout + done.stderr)[-500:]}")
    (fetched / "complete").touch()
    with suppress(OSError):  # another process may have been quicker
        fetched.rename(folder)
    return folder / "lib"


def best_version() -> str:
    """Return the newest version that the Java of this machine runs."""
    return NEWEST if newest_java(NEWEST) is not None else OLDEST


@contextmanager
def running(
    folder: Path, *, version: str = NEWEST, nodes: int = 1, heap_mb: int = 512, settings: str = "", quick: bool = True
) -> Iterator[Server]:
    """Give a server whose data lie in a folder and survive it; raises NoServer.

    `quick` has it compile little, so that it starts soon; for measuring say False.
    """
    java = newest_java(version)
    if java is None:
        first, last = _JAVA[version]
        raise NoServer(f"there is no Java {first} to {last}, which runs OpenSearch {version}")
    jars = library(version)
    base = folder.absolute()
    for number in range(1, nodes + 1):
        config = base / f"node_{number}" / "config"
        config.mkdir(parents=True, exist_ok=True)
        kind = "discovery.type: single-node\n" if nodes == 1 else 'cluster.initial_cluster_manager_nodes: ["Node 1"]\n'
        (config / "opensearch.yml").write_text(_SETTINGS + kind + settings, encoding="utf-8")
    archive = _cache() / version / f"classes-{_java_version(java)}.jsa"
    options = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] if quick else []
    if archive.exists():
        options += [f"-XX:SharedArchiveFile={archive}", "-Xshare:auto"]
    elif quick and nodes == 1 and version == NEWEST and "CI" not in os.environ:  # it pays from the third start on
        options.append(f"-XX:ArchiveClassesAtExit={archive}.{os.getpid()}")
    command = [str(java), f"-Xmx{heap_mb}m", *options, "-cp", f"{jars}/*"]
    command += ["org.codelibs.opensearch.runner.OpenSearchRunner", "-basePath", str(base)]
    command += ["-numOfNode", str(nodes), "-baseHttpPort", "9200", "-clusterName", f"searcher-{os.getpid()}"]
    log = base / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=base, text=True)
    try:
        server = _ready(process, log, nodes)
        yield server
    finally:
        _stop(process)
        made = Path(f"{archive}.{os.getpid()}")
        if made.exists():
            made.replace(archive)


def _ready(process: subprocess.Popen[str], log: Path, nodes: int) -> Server:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        text = log.read_text("utf-8", "replace")
        ports = [int(one) for one in re.findall(r"HTTP Port:\s+(\d+)", text)]
        if process.poll() is not None:
            break
        if len(ports) >= nodes:
            server = Server(process, [f"http://127.0.0.1:{port}" for port in ports[:nodes]])
            with suppress(OSError, urllib.error.URLError):
                server.ask(f"/_cluster/health?wait_for_nodes={nodes}&wait_for_status=yellow&timeout=20s")
                return server
        time.sleep(0.1)
    raise NoServer(f"OpenSearch did not start: {log.read_text('utf-8', 'replace')[-800:]}")


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> None:
    """Run a server until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Run an OpenSearch for tests until Ctrl-C.")
    parser.add_argument("folder", nargs="?", type=Path, help="where its data lie; a temporary folder if not given")
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--version", default=NEWEST)
    parser.add_argument("--heap", type=int, default=512, help="in MB")
    parser.add_argument("--slow", action="store_true", help="start slowly and run fast, as for measuring")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        quick = not asked.slow
        with running(folder, version=asked.version, nodes=asked.nodes, heap_mb=asked.heap, quick=quick) as server:
            print("\n".join(server.urls), flush=True)  # noqa: T201
            with suppress(KeyboardInterrupt):
                assert server.process is not None
                server.process.wait()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_given: sys.exit(0))
    main()
