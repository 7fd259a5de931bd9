"""The door to OCR: load a reader, prove that it works, read a scan upright.

Importing this package is cheap and loads no model code: ``load`` does, in the process that reads.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import engine.ocr.offline  # noqa: F401  before anything that imports ONNX Runtime
from engine.ocr.orientation import read_upright
from engine.ocr.selftest import SelfTestFailed, self_test

if TYPE_CHECKING:
    # Here and not above: the web process imports this package and must not pay for the models.
    from engine.ocr.paddle import PaddleReader

__all__ = ["SelfTestFailed", "load", "read_upright", "self_test"]


def load(
    model_dir: Path | None = None, threads: int | None = None, device: str = "cpu"
) -> PaddleReader:
    """A reader for this process, from the files in ``model_dir`` or the packaged default models,
    on the ``device``: ``cpu``, ``gpu`` or, where there are several, ``gpu:N``.

    Call it after a fork, and once per process. Raises ``engine.ocr.models.ModelFilesError`` when
    the files are not there and ``engine.ocr.paddle.NoGpu`` when the GPU is not.
    """
    # Here and not above: the web process imports this package and must not pay for the models.
    from engine.ocr.paddle import PaddleReader

    return PaddleReader(model_dir, threads, device)
