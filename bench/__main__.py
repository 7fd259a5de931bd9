"""``make bench``: prints every figure of the README, a line each."""

from __future__ import annotations

import os
from pathlib import Path

from bench import corpora, plain, speed, submit
from engine import ocr
from engine.pipeline import Options
from engine.types import Reader

SAMPLES = corpora.ROOT / "samples"
TIMED = {
    "scanned forms": "forms_funsd",
    "photographed receipts": "receipts_sroie",
    "digital PDF invoices": "invoices",
}
TIMED_FILES = 15
RATIO_FILES = 4
ALL_GIVE_TEXT = ("unlabelled_mixed", "scans_text")


def main() -> None:
    print(f"cores {os.cpu_count()}")
    for mode in ("text", "structured"):
        print(f"milliseconds to submit, {mode} mode: {submit.milliseconds(mode):.1f}", flush=True)
    reader = ocr.load()
    auto, always = Options(), Options(ocr="ocr")
    _time("samples/invoice.pdf, its text layer", [SAMPLES / "invoice.pdf"], reader, auto)
    _time("samples/invoice.pdf, as a scan", [SAMPLES / "invoice.pdf"], reader, always)
    _time("samples/receipt.jpg", [SAMPLES / "receipt.jpg"], reader, auto)
    if not corpora.available():
        print("no documents with ground truth here: accuracy not measured")
        return
    for title, category in TIMED.items():
        _time(title, corpora.documents(category)[:TIMED_FILES], reader, auto)
    for title in ("scanned forms", "photographed receipts"):
        ratio = plain.time_ratio(corpora.documents(TIMED[title])[:RATIO_FILES], reader)
        print(f"time over the plain PaddleOCR pipeline's, {title}: {ratio:.2f}", flush=True)
    for category in corpora.FIGURES:
        for name, value in corpora.score(category, corpora.read(category)).items():
            print(f"{name} {value:.4f}", flush=True)
    for category in ALL_GIVE_TEXT:
        print(f"{category}: documents without text {corpora.unread(category)}", flush=True)


def _time(title: str, files: list[Path], reader: Reader, options: Options) -> None:
    seconds = speed.seconds_per_page(files, reader, options)
    print(f"seconds a page, {title}: {seconds:.2f}", flush=True)


if __name__ == "__main__":
    main()
