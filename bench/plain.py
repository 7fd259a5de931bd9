"""The plain PaddleOCR pipeline with the same models: what our reader is compared with."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine import ocr, pages
from engine.ocr.models import folders
from engine.types import Image, Reader

ROUNDS = 3


def time_ratio(files: Sequence[Path], reader: Reader) -> float:
    """Our reader's time over the pipeline's, both on the same images in turns; the median."""
    images = [_first_page(file) for file in files]
    pipeline = _pipeline()
    ratios = []
    for _ in range(ROUNDS + 1):
        ours = _seconds(reader.read, images)
        theirs = _seconds(lambda image: pipeline.predict(_bgr(image)), images)
        ratios.append(ours / theirs)
    return statistics.median(ratios[1:])  # the first round warms up


def _pipeline() -> Any:
    ocr.load()  # makes PaddleOCR importable and keeps it off the network
    from paddleocr import PaddleOCR  # noqa: PLC0415

    with folders(None) as (det, rec):
        return PaddleOCR(
            text_detection_model_name=det.model_name,
            text_detection_model_dir=str(det.path),
            text_recognition_model_name=rec.model_name,
            text_recognition_model_dir=str(rec.path),
            use_doc_orientation_classify=False,
            use_doc_unwarping=False,
            use_textline_orientation=False,
            engine="onnxruntime",
            device="cpu",
        )


def _first_page(file: Path) -> Image:
    with pages.opened(file) as document:
        return document.render(1)


def _bgr(image: Image) -> Image:
    return np.ascontiguousarray(image[:, :, ::-1])


def _seconds(read: Callable[[Image], object], images: Sequence[Image]) -> float:
    start = time.perf_counter()
    for image in images:
        read(image)
    return time.perf_counter() - start
