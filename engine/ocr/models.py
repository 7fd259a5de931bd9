"""Finds the model files and lays them out as the two folders that PaddleOCR loads.

PaddleOCR wants one folder a model, holding ``inference.onnx`` and an ``inference.yml`` that says
how images go in and text comes out. Without a model directory the weights in the ``rapidocr`` wheel
are used (none of its code is). A model directory holds, for each of ``det`` and ``rec``, either

* PaddleOCR's own export, ``det/inference.onnx`` with ``det/inference.yml``, or
* one bare file such as ``PP-OCRv6_det_medium.onnx``, named ``*_det*.onnx``; the characters of a
  bare recognition model are read from its ``character`` metadata, one a line.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import onnxruntime

Part = Literal["det", "rec"]

EXPECTED = (
    "expected either {part}/inference.onnx with {part}/inference.yml, "
    "or exactly one file named *_{part}*.onnx"
)

# What PaddleOCR's exports of these model families carry; a bare ONNX file comes without it.
DETECTION: dict[str, Any] = {
    "Global": {"model_name": "PP-OCRv6_small_det"},
    "PreProcess": {
        "transform_ops": [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"DetResizeForTest": {"limit_side_len": 736, "limit_type": "min"}},
            {
                "NormalizeImage": {
                    "mean": [0.485, 0.456, 0.406],
                    "std": [0.229, 0.224, 0.225],
                    "scale": "1./255.",
                    "order": "hwc",
                }
            },
            {"ToCHWImage": None},
        ]
    },
    "PostProcess": {
        "name": "DBPostProcess",
        "thresh": 0.3,
        "box_thresh": 0.6,
        "max_candidates": 1000,
        "unclip_ratio": 1.5,
    },
}
RECOGNITION: dict[str, Any] = {
    "Global": {"model_name": "PP-OCRv6_small_rec"},
    "PreProcess": {
        "transform_ops": [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"RecResizeImg": {"image_shape": [3, 48, 320]}},
        ]
    },
    "PostProcess": {"name": "CTCLabelDecode"},
}


class ModelFilesError(Exception):
    """The model directory lacks something; the message says what, and what was found."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder that PaddleOCR can load, and the model name its ``inference.yml`` states."""

    path: Path
    model_name: str


@contextmanager
def folders(model_dir: Path | None = None) -> Iterator[tuple[ModelFolder, ModelFolder]]:
    """The detection and the recognition folder; temporary ones are gone when the block ends."""
    root = packaged() if model_dir is None else model_dir
    if not root.is_dir():
        raise ModelFilesError(f"the model directory {root} is not a folder")
    with tempfile.TemporaryDirectory(prefix="ocrwell-models-") as scratch:
        yield _folder(root, "det", Path(scratch)), _folder(root, "rec", Path(scratch))


def packaged() -> Path:
    """Where the installed ``rapidocr`` wheel keeps its weights; the package is not imported."""
    spec = find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise ModelFilesError(
            "no model directory was given, and the rapidocr package, "
            "whose wheel carries the default models, is not installed"
        )
    return Path(spec.submodule_search_locations[0]) / "models"


def _folder(root: Path, part: Part, scratch: Path) -> ModelFolder:
    exported = root / part
    if exported.is_dir():
        return _exported(exported, part)
    bare = sorted(root.glob(f"*_{part}*.onnx"))
    if len(bare) != 1:
        raise _unlike(root, part)
    return _generated(bare[0], part, scratch / part)


def _exported(folder: Path, part: Part) -> ModelFolder:
    config = folder / "inference.yml"
    if not (folder / "inference.onnx").is_file() or not config.is_file():
        raise _unlike(folder.parent, part)
    return ModelFolder(folder, _model_name(config))


def _model_name(config: Path) -> str:
    # The one line that is needed: no reason to bring in a YAML library for it.
    for line in config.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model_name" and value.strip():
            return value.strip().strip("'\"")
    raise ModelFilesError(f"{config} states no model_name")


def _generated(weights: Path, part: Part, folder: Path) -> ModelFolder:
    folder.mkdir()
    (folder / "inference.onnx").symlink_to(weights.resolve())
    config = dict(DETECTION if part == "det" else RECOGNITION)
    if part == "rec":
        config["PostProcess"] = {**config["PostProcess"], "character_dict": _characters(weights)}
    # JSON is YAML, and its string escapes are the safe ones.
    (folder / "inference.yml").write_text(json.dumps(config), encoding="utf-8")
    return ModelFolder(folder, config["Global"]["model_name"])


def _characters(weights: Path) -> list[str]:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map.get("character", "")
    if not characters:
        raise ModelFilesError(
            f"{weights} does not carry its characters (metadata 'character'); "
            "use PaddleOCR's export with its inference.yml"
        )
    return str(characters).split("\n")


def _unlike(root: Path, part: Part) -> ModelFilesError:
    found = sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())
    listing = ", ".join(found[:20]) or "nothing"
    return ModelFilesError(
        f"the model directory {root} is not usable: {EXPECTED.format(part=part)}; found {listing}"
    )
