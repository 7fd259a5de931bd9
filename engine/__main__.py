"""The command line of the engine: ``read`` and ``extract`` print one JSON object a file."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from engine import crew, schema

FAILED, UNUSABLE, INTERRUPTED = 1, 2, 130
SCHEMA = 'a JSON file with a template, such as {"total": 0}, or a JSON Schema'


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0, or 1 when a file failed, 2 when nothing can be done, 130 after Ctrl-C."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except crew.NotReady as reason:
        sys.stderr.write(f"python -m engine: {reason}\n")
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED


def read(args: argparse.Namespace) -> int:
    return _print_rows(crew.Job("engine.rows:reading", _reading(args)), args.files, args.jobs)


def extract(args: argparse.Namespace) -> int:
    settings = {
        "reading": _reading(args),
        "schema_text": _schema(args.schema),
        "label_dir": args.labels,
        "fields_only": args.fields_only,
    }
    return _print_rows(crew.Job("engine.extracts:extracting", settings), args.files, args.jobs)


def _reading(args: argparse.Namespace) -> dict[str, Any]:
    return {
        "mode": args.ocr,
        "dpi": args.dpi,
        "model_dir": args.model_dir,
        "threads": max(1, len(os.sched_getaffinity(0)) // args.jobs),
        "check": args.check,
    }


def _schema(file: Path) -> str:
    """The text of a schema that can be used: a tree nests too deeply to be sent to a worker."""
    try:
        text = file.read_text("utf-8-sig")
        schema.parse(json.loads(text))
    except OSError as fault:
        reason = (fault.strerror or str(fault)).lower()
        raise crew.NotReady(f"{file}: {reason}; --schema takes {SCHEMA}") from fault
    except schema.InvalidSchema as fault:
        raise crew.NotReady(f"{file}: {fault}") from fault
    except ValueError as fault:
        raise crew.NotReady(f"{file} is not JSON ({fault}); --schema takes {SCHEMA}") from fault
    except RecursionError as fault:
        raise crew.NotReady(f"{file} is nested too deeply; ask for fewer levels") from fault
    return text


def _print_rows(job: crew.Job, files: Sequence[str], jobs: int) -> int:
    # A lone surrogate, from a broken file name or text layer, comes out as its JSON escape.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    status = 0
    with _PageBar() as bar:
        for answer in crew.answers(job, files, jobs, bar.page):
            row = answer.text
            if row is None:
                status = FAILED
                row = json.dumps({"file": answer.item, "error": answer.failure}, ensure_ascii=False)
            bar.print(row)
    return status


class _PageBar:
    """A bar that counts pages, on a terminal's stderr and nowhere else."""

    def __init__(self) -> None:
        self._bar = tqdm(total=0, unit="page", disable=not sys.stderr.isatty())

    def __enter__(self) -> _PageBar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def page(self, done: int, total: int) -> None:
        if done == 1:  # how many pages a file has is known once it is open
            self._bar.total = (self._bar.total or 0) + total
        self._bar.update()

    def print(self, row: str) -> None:
        with self._bar.external_write_mode():
            sys.stdout.write(row + "\n")
            sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine", description="Reads documents.")
    commands = parser.add_subparsers(dest="command", required=True)
    shared = _shared_options()
    command = commands.add_parser(
        "read", parents=[shared], help="print the text of documents, one JSON object each"
    )
    command.set_defaults(run=read)
    command = commands.add_parser(
        "extract", parents=[shared], help="print the fields of documents, one JSON object each"
    )
    command.set_defaults(run=extract)
    command.add_argument(
        "--schema", type=Path, required=True, metavar="FILE", help=f"the fields to find: {SCHEMA}"
    )
    command.add_argument(
        "--labels",
        type=Path,
        default=os.environ.get("OCRWELL_LABEL_DIR") or None,
        metavar="DIR",
        help="folder of label tables of your own (default: $OCRWELL_LABEL_DIR, else none)",
    )
    command.add_argument(
        "--fields-only", action="store_true", help="leave out the pages with their words"
    )
    return parser


def _shared_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("files", nargs="+", metavar="FILE")
    options.add_argument(
        "--ocr",
        choices=("auto", "ocr", "text"),
        default="auto",
        help="read every page by OCR, or take a PDF's own text, or (auto) its text where that can "
        "be trusted",
    )
    options.add_argument(
        "--check",
        action="store_true",
        help="read what is in doubt a second time, and say where the two readings differ",
    )
    options.add_argument("--dpi", type=_positive, help="resolution at which PDF pages are rendered")
    options.add_argument("--jobs", type=_positive, default=1, help="files read at the same time")
    options.add_argument(
        "--model-dir",
        type=Path,
        default=os.environ.get("OCRWELL_MODEL_DIR") or None,
        metavar="DIR",
        help="folder of OCR models (default: $OCRWELL_MODEL_DIR, else the packaged ones)",
    )
    return options


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not positive")
    return number


if __name__ == "__main__":
    sys.exit(main())
