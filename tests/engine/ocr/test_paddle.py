"""The real models, on pictures drawn here."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pymupdf
import pytest

from engine.ocr import SelfTestFailed, load, read_upright, self_test
from engine.ocr.orientation import turned
from engine.types import Image, Line
from tests.engine.ocr.conftest import Draw

if TYPE_CHECKING:
    from engine.ocr.paddle import PaddleReader

pytestmark = pytest.mark.ocr

TEXT = ("Purchase order 2024-0815", "Deliver before 31 March", "Signed by the buyer")


class Mute:
    def read(self, image: Image) -> list[Line]:
        return []


def test_self_test_passes_with_the_packaged_models(reader: PaddleReader) -> None:
    self_test(reader)


def test_self_test_names_what_was_read_when_it_fails() -> None:
    with pytest.raises(SelfTestFailed, match="read '' where"):
        self_test(Mute())


def test_words_come_apart_with_boxes_side_by_side(reader: PaddleReader, draw: Draw) -> None:
    (line,) = reader.read(draw("Invoice number 4711"))
    assert [word.text for word in line.words] == ["Invoice", "number", "4711"]
    first, second, third = (word.box for word in line.words)
    assert first.x1 < second.x0 + 4 < third.x0
    assert second.x1 < third.x0 + 4


def test_word_box_hugs_its_ink(reader: PaddleReader, draw: Draw) -> None:
    page = draw("Subtotal")
    rows, columns = np.nonzero(page.min(axis=2) < 128)
    (line,) = reader.read(page)
    box = line.words[0].box
    assert (box.x0, box.x1) == pytest.approx((columns.min(), columns.max()), abs=9)
    assert (box.y0, box.y1) == pytest.approx((rows.min(), rows.max()), abs=9)


def test_accents_are_read(reader: PaddleReader) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=100)
        page.insert_text((20, 50), "Gebühr für Verpackung, payée à Genève", fontsize=14)
        pixels = page.get_pixmap(dpi=150)
    image = np.frombuffer(pixels.samples, dtype=np.uint8).reshape(pixels.height, pixels.width, 3)
    (line,) = reader.read(image)
    assert line.text == "Gebühr für Verpackung, payée à Genève"


def test_light_text_on_a_dark_ground_has_the_same_words(reader: PaddleReader, draw: Draw) -> None:
    (line,) = reader.read((255 - draw("Paid in full")).astype(np.uint8))
    assert [word.text for word in line.words] == ["Paid", "in", "full"]


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (64, 64)])
def test_blank_image_of_any_shape_has_no_lines(
    reader: PaddleReader, shape: tuple[int, int]
) -> None:
    assert reader.read(np.full((*shape, 3), 255, dtype=np.uint8)) == []


@pytest.mark.parametrize("lying", [0, 90, 180, 270])
def test_scan_is_read_upright_whichever_way_it_lies(
    reader: PaddleReader, draw: Draw, lying: int
) -> None:
    page = turned(draw(*TEXT), lying)
    lines, turn = read_upright(reader, page)
    assert (lying + turn) % 360 == 0
    assert sorted(line.text for line in lines) == sorted(TEXT)
    height, width = turned(page, turn).shape[:2]
    assert all(line.box.x0 >= 0 and line.box.x1 <= width for line in lines)
    assert all(line.box.y0 >= 0 and line.box.y1 <= height for line in lines)


def test_reader_of_another_process_is_refused(
    reader: PaddleReader, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(RuntimeError, match="after the fork"):
        reader.read(draw("Total"))


@pytest.fixture
def paddle(reader: PaddleReader) -> Any:
    """The module, which takes seconds to import: it is there once there is a reader."""
    return sys.modules["engine.ocr.paddle"]


def test_a_gpu_that_this_machine_does_not_have_is_asked_for_in_vain(paddle: Any) -> None:
    with pytest.raises(paddle.NoGpu, match="requirements-gpu"):
        load(device="gpu")


def test_a_model_that_fell_back_to_the_cpu_is_refused(reader: PaddleReader, paddle: Any) -> None:
    with pytest.raises(paddle.NoGpu, match="cannot use it"):
        paddle._insist_on_cuda(reader._rec.paddlex_predictor.runner.session)


def test_what_is_asked_of_a_gpu_is_handed_on_by_paddlex(reader: PaddleReader, paddle: Any) -> None:
    real = reader._rec.paddlex_predictor.runner
    providers = [paddle.CUDA, "CPUExecutionProvider"]
    runner = object.__new__(type(real))
    runner._config = {"device_type": "gpu", "device_id": 1, **paddle.GPU}
    runner._ort = SimpleNamespace(get_available_providers=lambda: providers)
    found, (options, _) = runner._resolve_providers()
    assert found == providers
    assert options == {"device_id": 1, "cudnn_conv_algo_search": "HEURISTIC"}


def test_door_opens_without_loading_any_model_code() -> None:
    heavy = "{'paddleocr', 'paddlex', 'onnxruntime', 'cv2'}"
    code = f"import sys, engine.ocr; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


OFFLINE_LOAD = """
import sys

def forbid(event, args):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise AssertionError(f"{event} {args}")

sys.addaudithook(forbid)
from engine.ocr import load, self_test
self_test(load())
"""


def test_loading_touches_no_network_and_leaves_no_files(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home, scratch = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("scratch")
    ran = subprocess.run(
        [sys.executable, "-c", OFFLINE_LOAD],
        env={"HOME": str(home), "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == ("", "")
    # ONNX Runtime's telemetry would show by its data base in the home folder.
    assert list(home.iterdir()) == []
    assert list(scratch.iterdir()) == []
