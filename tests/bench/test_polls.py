"""The polling bench, in short."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from bench import polls
from bench.polls import Line, Run


@pytest.mark.slow
def test_polls_are_answered_and_their_times_told(capsys: pytest.CaptureFixture[str]) -> None:
    cores = os.sched_getaffinity(0)
    polls.main(["--rate", "20", "--seconds", "2"])
    title, head, waiting, mixed = capsys.readouterr().out.splitlines()
    assert title.startswith("20 polls a second for 2 s")
    assert head.split()[:4] == ["jobs", "calls", "per", "s"]
    for row in (waiting, mixed):
        _, calls, a_second, errors, *times = row.split()
        assert (calls, errors) == ("40", "0")
        assert 1 <= int(a_second) <= 25
        assert sorted(map(float, times[:4])) == [float(each) for each in times[:4]]
    assert os.sched_getaffinity(0) == cores


@pytest.fixture
def answers() -> Iterator[tuple[int, list[bytes]]]:
    """A port, and what is answered there, piece by piece, one connection after the other."""
    pieces: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.recv(4096)
                for piece in pieces:
                    line.sendall(piece)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], pieces
        thread.join()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"


@pytest.mark.parametrize(
    ("pieces", "problem"),
    [
        ([OK, b"{}"], ""),
        ([OK[:20], OK[20:] + b"{", b"}"], ""),
        ([OK.replace(b"200", b"503"), b"{}"], "status 503"),
        ([OK, b"{"], "ConnectionError"),
        ([OK[:20]], "ConnectionError"),
    ],
    ids=["whole", "in pieces", "refused", "cut off", "cut off in the head"],
)
def test_what_is_wrong_with_an_answer_is_told(
    answers: tuple[int, list[bytes]], pieces: list[bytes], problem: str
) -> None:
    port, said = answers
    said += pieces
    with closing(Line(port)) as line:
        assert line.ask(b"GET / HTTP/1.1\r\n\r\n") == problem


def test_the_worst_of_a_hundred_is_not_hidden() -> None:
    run = Run("a", took=[float(each) for each in range(1, 101)], seconds=10.0)
    assert run.row().split()[:8] == ["a", "100", "10", "0", "50.0", "95.0", "99.0", "100.0"]
