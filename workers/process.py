"""What one OCR process is: its reader, built after the fork, and its sign of life."""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import platform
import threading
from typing import Any

import psutil
from celery.signals import worker_process_init, worker_process_shutdown, worker_shutting_down
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from engine import ocr
from engine.matching import labels
from engine.types import Reader
from ocrwell.jobs import presence

logger = logging.getLogger(__name__)

# Made before the fork: the main process sets it, and its children see it. It has no lock, which
# a child that is killed would keep for ever.
stopping = multiprocessing.get_context("fork").RawValue(ctypes.c_bool, False)
_readers: list[Reader] = []
_leaving = threading.Event()
_reporters: list[threading.Thread] = []
LEAVE_SECONDS = 5.0
"""That a report may still take."""


def reader() -> Reader | None:
    """The reader of this process; None when the models could not be loaded."""
    return _readers[0] if _readers else None


def _check_labels() -> None:
    """Kept for the jobs of this process; faulty ones must not become failed jobs."""
    try:
        labels.load(settings.LABEL_DIR)
    except labels.FaultyTable as fault:
        raise ImproperlyConfigured(f"OCRWELL_LABEL_DIR: {fault}") from fault


def _load() -> Reader:
    loaded = ocr.load(settings.MODEL_DIR, threads=settings.OCR_THREADS, device=settings.DEVICE)
    ocr.self_test(loaded)
    return loaded


@worker_process_init.connect
def start(**_: Any) -> None:
    """Load label tables and reader, test it, then say so for as long as this process lives."""
    _check_labels()
    _readers.append(_load())
    parent = os.getppid()
    _reporters.append(threading.Thread(target=_report, args=(parent,), daemon=True))
    _reporters[-1].start()


@worker_process_shutdown.connect
def leave(**_: Any) -> None:
    """A report that is on its way would bring back what is deleted here."""
    _leaving.set()
    for reporter in _reporters:
        reporter.join(LEAVE_SECONDS)
    presence.leave(_name())


@worker_shutting_down.connect
def stop(**_: Any) -> None:
    """Jobs at work are given back at their next page instead of being finished."""
    stopping.value = True


def _report(parent: int) -> None:
    while os.getppid() == parent:
        try:
            presence.report(_name(), memory_bytes=psutil.Process().memory_info().rss)
        except DatabaseError:
            logger.warning("could not report as alive")
            connection.close()
        if _leaving.wait(settings.HEARTBEAT.total_seconds()):
            return
    # The main process was killed: nobody would feed or stop this one any more.
    os._exit(1)


def _name() -> str:
    return f"{platform.node()}:{os.getpid()}"
