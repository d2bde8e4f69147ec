"""What holds for all tests."""

from __future__ import annotations

import signal


def pytest_sessionstart() -> None:
    """Have Ctrl-C reach the programs that tests start, also where the tests themselves run in the background.

    A shell without job control has what it starts with '&' ignore SIGINT, and what is ignored stays so in children.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
