from __future__ import annotations

import socket

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from ocrwell.management.commands import serve


def test_a_port_that_is_taken_is_refused_with_the_way_out(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings.HOST, settings.PORT = taken.getsockname()
        with pytest.raises(CommandError, match=f"{settings.PORT}: .* Set OCRWELL_PORT"):
            call_command("serve")


def test_every_part_is_told_what_the_settings_say(settings: Settings) -> None:
    settings.HOST, settings.PORT, settings.OCR_PROCESSES = "127.0.0.9", 8123, 7
    web, ocr, io = (part.arguments for part in serve.parts())
    assert "127.0.0.9:8123" in web
    assert ocr[ocr.index("--concurrency") + 1] == "7"
    assert "-B" in io
    assert "-B" not in ocr
