"""Values with spaces, completed by a shell as a person presses Tab: the line that comes of it runs."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.terminal import clean_environment

BASH = shutil.which("bash")
SHIM = '#!/bin/sh\nexec "{python}" -m searcher "$@"\n'


class Shell:
    """An interactive shell in a pseudo-terminal."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)
        self.shown = ""

    def type(self, keys: str, until: str, seconds: float = 30) -> bool:
        """Type the keys; return whether that text was then shown in time."""
        seen = len(self.shown)
        os.write(self._ours, keys.encode())
        end = time.monotonic() + seconds
        while time.monotonic() < end and until not in self.shown[seen:]:
            if select.select([self._ours], [], [], 0.1)[0]:
                self.shown += os.read(self._ours, 65536).decode("utf-8", "replace")
        return until in self.shown[seen:]

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.mark.skipif(BASH is None or os.name == "nt", reason="has no bash")
@pytest.mark.parametrize("typed", ["Sơn", '"Sơn', "'Sơn", "Sơn\\ L"])
def test_bash_completes_a_value_with_a_space_to_one_word(typed: str, tmp_path: Path) -> None:
    shim = tmp_path / "searcher"
    shim.write_text(SHIM.format(python=sys.executable), "utf-8")
    shim.chmod(0o755)
    environment = clean_environment(
        PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}", TERM="dumb", LC_ALL="C.UTF-8", HOME=str(tmp_path), PS1="$ "
    )
    shell = Shell([str(BASH), "--norc", "--noprofile", "-i"], environment)
    try:
        assert shell.type('eval "$(searcher --show-completion bash)"; echo re""ady\n', "ready")
        assert shell.type(f"searcher query x -p {typed}\t", "La")
        assert shell.type("\x01printf '<%s>' \n", "<Sơn La>"), shell.shown
    finally:
        shell.close()
