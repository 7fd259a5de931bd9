"""``make bench``: prints every figure of the README, a line each."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench import corpora, fields, pace, plain, schemas, speed, submit, tables, train
from bench.examples import CORPORA
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


def main(argv: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(argv)
    if args.fresh or not args.parts:
        corpora.forget()
    print(f"cores {os.cpu_count()}")
    for part in args.parts or PARTS:
        if part in NEED_TRUTH and not corpora.available():
            print(f"no documents with ground truth here: {part} not measured")
            continue
        for line in PARTS[part](args):
            print(line, flush=True)


def submitting(_args: argparse.Namespace) -> Iterator[str]:
    for mode in ("text", "structured"):
        yield f"milliseconds to submit, {mode} mode: {submit.milliseconds(mode):.1f}"


def timing(_args: argparse.Namespace) -> Iterator[str]:
    reader = ocr.load()
    auto, always = Options(), Options(ocr="ocr")
    invoice = [SAMPLES / "invoice.pdf"]
    yield _timed("samples/invoice.pdf, its text layer", invoice, reader, auto)
    yield _timed("samples/invoice.pdf, as a scan", invoice, reader, always)
    yield _timed("samples/receipt.jpg", [SAMPLES / "receipt.jpg"], reader, auto)
    if not corpora.available():
        return
    for title, category in TIMED.items():
        yield _timed(title, corpora.documents(category)[:TIMED_FILES], reader, auto)
    for title in ("scanned forms", "photographed receipts"):
        ratio = plain.time_ratio(corpora.documents(TIMED[title])[:RATIO_FILES], reader)
        yield f"time over the plain PaddleOCR pipeline's, {title}: {ratio:.2f}"


def reading(_args: argparse.Namespace) -> Iterator[str]:
    for category, names in corpora.FIGURES.items():
        figures = corpora.score(category, corpora.read(category))
        yield from (f"{name} {figures[name]:.4f}" for name in names)
    for category in ALL_GIVE_TEXT:
        yield f"{category}: documents without text {corpora.unread(category)}"


def finding(args: argparse.Namespace) -> Iterator[str]:
    if args.shipped:
        fields.try_out(args.corpora)
        yield "NOT cross-validated: the weights that ship have seen these documents"
    else:
        fields.cross_validate(args.corpora, args.folds, args.drawn)
        yield f"cross-validated in {args.folds} folds, no vendor in two of them"
    yield from fields.report(args.corpora)


PARTS: dict[str, Callable[[argparse.Namespace], Iterator[str]]] = {
    "submit": submitting,
    "speed": timing,
    "pace": lambda _: pace.report(),
    "reading": reading,
    "fields": finding,
    "tables": lambda _: tables.report(),
    "schemas": lambda _: schemas.report(),
}
NEED_TRUTH = ("reading", "fields", "tables", "schemas")


def _timed(title: str, files: list[Path], reader: Reader, options: Options) -> str:
    seconds = speed.seconds_per_page(files, reader, options)
    return f"seconds a page, {title}: {seconds:.2f}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures everything.")
    parser.add_argument(
        "parts",
        nargs="*",
        type=_part,
        metavar="PART",
        help=f"only these: {', '.join(PARTS)}; python -m bench.misses shows the fields' misses",
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="read all documents again; without a PART that is done anyway",
    )
    parser.add_argument(
        "--corpora", nargs="+", choices=CORPORA, default=CORPORA, help="for the fields"
    )
    parser.add_argument("--folds", type=int, default=fields.FOLDS, help="of the cross-validation")
    parser.add_argument(
        "--drawn", type=int, default=train.DRAWN, help="drawn documents each fold learns from"
    )
    parser.add_argument(
        "--shipped",
        action="store_true",
        help="try the fields with the weights that ship, in seconds, instead of cross-validating",
    )
    return parser


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(PARTS)}")
    return name


if __name__ == "__main__":
    main()
