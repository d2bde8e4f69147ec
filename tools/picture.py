"""Make the README's picture of the terminal from a real run: `python -m tools.picture`."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tools.terminal import in_terminal

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "terminal.svg"
COLUMNS = 120
_WEB_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)  # a picture should not load anything
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "SEARCHER_LANG": "vi"}
COMMAND = ["query", "mai dam son la", "-n", "3"]


def main() -> int:
    """Index the seeds, run the query in a terminal, and write what it showed to docs/terminal.svg."""
    with tempfile.TemporaryDirectory() as folder:
        searcher = [sys.executable, "-m", "searcher"]
        subprocess.run([*searcher, "index", "-i", folder, "seeds"], cwd=ROOT, check=True, capture_output=True)
        _code, shown = in_terminal([*searcher, *COMMAND, "-i", folder], COLUMNS, ENVIRONMENT, ROOT)
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    typed = " ".join(f"'{word}'" if " " in word else word for word in COMMAND)
    console.print(Text.assemble(("$ ", "dim"), (f"searcher {typed}", "bold")))
    console.print(Text.from_ansi(shown.replace("\r\n", "\n")))
    picture = _WEB_FONTS.sub("", console.export_svg(title="searcher")).replace("Fira Code", "DejaVu Sans Mono")
    PICTURE.write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
