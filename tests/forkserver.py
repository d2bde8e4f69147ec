"""A process that has imported every command and forks one for each request: what runs is `searcher.__main__.main`.

Starting Python and importing takes most of a short command's time, and hundreds of tests run one. Each command has
a process of its own, with its own standard streams, environment and folder, as from a shell; what is done before is
what all have in common.
"""

from __future__ import annotations

import gc
import io
import json
import os
import socket
import sys
import tempfile
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Final

LENGTH: Final = 4
"""Bytes before each message that say how long it is."""


def send(channel: socket.socket, message: Any, files: list[int] | None = None) -> None:
    """Send a message of JSON, and open files with it."""
    data = json.dumps(message).encode("ascii")
    socket.send_fds(channel, [len(data).to_bytes(LENGTH, "big")], files or [])
    channel.sendall(data)


def receive(channel: socket.socket, files: int = 0) -> tuple[Any, list[int]]:
    """Return the next message and the open files that came with it; raises EOFError where the other end has gone."""
    head, opened, _flags, _address = socket.recv_fds(channel, LENGTH, files)
    if not head:
        raise EOFError
    length = int.from_bytes(head + _exactly(channel, LENGTH - len(head)), "big")
    return json.loads(_exactly(channel, length)), opened


def _exactly(channel: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = channel.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def _become(request: dict[str, Any], opened: list[int]) -> None:
    """Be the command that was asked for, in this process, and end it."""
    for number, fd in enumerate(opened):
        os.dup2(fd, number)
        os.close(fd)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = ["searcher", *request["arguments"]]
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8"),
        io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), "utf-8", line_buffering=os.isatty(1)),
        io.TextIOWrapper(io.BufferedWriter(io.FileIO(2, "w", closefd=False)), "utf-8", line_buffering=True),
    )
    from searcher.__main__ import main

    main()


def _serve(channel: socket.socket) -> None:
    while True:
        try:
            request, opened = receive(channel, 3)
        except EOFError:
            return
        child = os.fork()
        if not child:
            try:
                channel.close()
                _become(request, opened)
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        for fd in opened:
            os.close(fd)
        send(channel, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _prepare() -> None:
    """Run some commands, so that what they import and read is there for all that follow."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a process with threads can't be forked
    from searcher.messages import use_for_libraries

    use_for_libraries()
    from searcher.cli.app import run, with_commands

    with_commands()
    seed = next(Path(__file__).parents[1].joinpath("seeds").glob("seed-*.txt"))
    with (
        tempfile.TemporaryDirectory() as folder,
        redirect_stdout(io.StringIO()),
        redirect_stderr(io.StringIO()),
    ):
        run(["index", str(seed), "-i", folder])
        run(["query", "mại dâm Sơn La", "-i", folder])
        run(["tag", str(seed), "--explain"])
        run(["--help"])
    gc.freeze()


if __name__ == "__main__":
    _prepare()
    _serve(socket.socket(fileno=int(sys.argv[1])))
