"""The reader: PaddleOCR's detection and recognition models on ONNX Runtime, from local files.

Importing this module imports PaddleOCR, which takes seconds and much memory: only
``engine.ocr.load`` does it, after the process has forked.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from engine.ocr import crops, ctc, opencv_name, words
from engine.ocr.models import folders
from engine.types import Image, Line

opencv_name.install()
# paddlex makes folders in its cache home when it is imported: it gets one that is gone right after.
with tempfile.TemporaryDirectory(prefix="ocrwell-paddlex-") as _cache_home:
    os.environ["PADDLE_PDX_CACHE_HOME"] = _cache_home
    from paddleocr import TextDetection, TextRecognition

# Only now: the import sets its own level.
logging.getLogger("paddlex").setLevel(logging.ERROR)

# Wider margins than the models' own 1.5: small print reads better with air around it.
UNCLIP = 1.8

CUDA = "CUDAExecutionProvider"
# The width of a strip is new to the GPU ever so often: trying all algorithms for it takes longer
# than reading it.
GPU = {"provider_options": {"cudnn_conv_algo_search": "HEURISTIC"}}

STRIP_HEIGHT = 48
STRIP_STEP = 32
STRIP_LIMIT = 3200


class NoGpu(Exception):
    """A GPU was asked for, and the models would run without it."""


class PaddleReader:
    """Reads lines in the process that loaded it; threads must not share one."""

    def __init__(
        self, model_dir: Path | None = None, threads: int | None = None, device: str = "cpu"
    ) -> None:
        config: dict[str, Any] = {} if threads is None else {"intra_op_num_threads": threads}
        if device != "cpu":
            _find_cuda()
            config |= GPU
        engine = {"engine": "onnxruntime", "engine_config": config, "device": device}
        with folders(model_dir) as (det, rec):
            self._det = TextDetection(
                model_name=det.model_name, model_dir=str(det.path), unclip_ratio=UNCLIP, **engine
            )
            self._rec = TextRecognition(
                model_name=rec.model_name, model_dir=str(rec.path), **engine
            )
        if device != "cpu":
            for model in (self._det, self._rec):
                _insist_on_cuda(model.paddlex_predictor.runner.session)
        self._characters: list[str] = self._rec.paddlex_predictor.post_op.character
        self._pid = os.getpid()

    def read(self, image: Image) -> list[Line]:
        """Lines of an upright RGB image (height, width, 3), in no particular order."""
        strips = [crops.cut(image, quad) for quad in self.detect(image)]
        readings = self.recognize([strip.image for strip in strips])
        lines = (words.line(s, r) for s, r in zip(strips, readings, strict=True))
        return [line for line in lines if line is not None]

    def detect(self, image: Image) -> list[crops.Quad]:
        """Where lines of text are."""
        self._check_process()
        (result,) = self._det.predict(np.ascontiguousarray(image[:, :, ::-1]))
        quads = [np.asarray(quad, dtype=np.float32) for quad in result["dt_polys"]]
        # Clipped to the page, a quad on its edge can be left without area.
        return [quad for quad in quads if cv2.contourArea(quad) >= 1]

    def recognize(self, strips: Sequence[Image]) -> list[ctc.Reading]:
        """What each strip of one line says."""
        self._check_process()
        return [self._recognize(strip) for strip in strips]

    def _recognize(self, strip: Image) -> ctc.Reading:
        tensor, used = prepare(strip)
        (probabilities,) = self._rec.paddlex_predictor.runner(x=[tensor])
        return ctc.decode(probabilities[0], self._characters, used)

    def _check_process(self) -> None:
        if os.getpid() != self._pid:
            raise RuntimeError(
                f"this OCR reader was loaded in process {self._pid} and used in {os.getpid()}: "
                "load one in each process, after the fork"
            )


def prepare(strip: Image) -> tuple[NDArray[np.float32], float]:
    """The network's input for one strip, and the share of its width that the strip fills."""
    height, width = strip.shape[:2]
    scaled = min(max(round(width * STRIP_HEIGHT / height), 1), STRIP_LIMIT)
    padded = -(-scaled // STRIP_STEP) * STRIP_STEP
    resized = cv2.resize(strip, (scaled, STRIP_HEIGHT))[:, :, ::-1]
    tensor = np.zeros((1, 3, STRIP_HEIGHT, padded), dtype=np.float32)
    tensor[0, :, :, :scaled] = resized.transpose(2, 0, 1) / np.float32(127.5) - 1
    return tensor, scaled / padded


def _find_cuda() -> None:
    if CUDA not in onnxruntime.get_available_providers():
        raise NoGpu(
            "a GPU is asked for, and the ONNX Runtime that is installed is made for CPUs: "
            "install the packages of requirements-gpu.txt instead"
        )
    # NVIDIA's libraries lie among the Python packages, where the system does not look.
    onnxruntime.preload_dlls(directory="")


def _insist_on_cuda(session: onnxruntime.InferenceSession) -> None:
    """Without its GPU, ONNX Runtime would quietly take the CPU: now, or in the middle of a page."""
    if CUDA not in session.get_providers():
        raise NoGpu(
            "a GPU is asked for, and ONNX Runtime cannot use it; the lines it has logged say why: "
            "most often the driver is missing or too old, or the container was given no GPU"
        )
    session.disable_fallback()
