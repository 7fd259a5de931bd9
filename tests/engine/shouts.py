"""What the workers of the crew's tests do. Each of them imports it: it imports little."""

from __future__ import annotations

import os
import signal
import sys
import time

from engine import crew


def shouting(mark: str) -> crew.Work:
    return lambda item, report: _shout(item + mark, report)


def unable(**_: object) -> crew.Work:
    raise crew.NotReady("there are no models here")


def broken(**_: object) -> crew.Work:
    sys.exit(3)


def _shout(item: str, report: crew.Report) -> str:
    if item.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if item.startswith("refuse"):
        raise crew.NoAnswer("no such word")
    if item.startswith("sleep"):
        time.sleep(60)
    for part in (1, 2):
        report(part, 2)
    return item.upper()
