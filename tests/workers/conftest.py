from __future__ import annotations

import pytest

from engine.scripted import ScriptedReader


@pytest.fixture
def reader() -> ScriptedReader:
    return ScriptedReader([["INVOICE INV-4821"]])
