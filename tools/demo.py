"""Does what `make demo` does, on any system: `python -m tools.demo` installs, indexes seeds/ and searches them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
VENV: Final = ROOT / ".venv"
INDEX: Final = ROOT / "index" / "demo"


def main() -> int:
    """Return the exit code of the search."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(VENV, with_pip=True)
    # The same versions as `make setup`, but only what searching needs: pip takes no hashes for a part.
    pins = re.sub(r"(?m) \\\n +--hash=\S+", "", (ROOT / "constraints.txt").read_text("utf-8"))
    (VENV / "pins.txt").write_text(pins, "utf-8")
    install = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--editable", ".[web]"]
    subprocess.run(install, check=True, cwd=ROOT, env={**os.environ, "PIP_CONSTRAINT": str(VENV / "pins.txt")})
    searcher = [python, "-X", "utf8", "-m", "searcher"]
    subprocess.run([*searcher, "index", "--index", INDEX, ROOT / "seeds"], check=True)
    code = subprocess.run([*searcher, "query", "--index", INDEX, "mại dâm Sơn La"], check=False).returncode
    print(f"\nIn the browser: {python} -m searcher serve --index {INDEX} --open")
    return code


if __name__ == "__main__":
    sys.exit(main())
