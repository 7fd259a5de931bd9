"""``python -m bench.drawn --count 20 --seed 0 OUT_FOLDER``: documents for people to look at."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bench import drawn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="number of the first document")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for document in drawn.draw_many(options.count, options.seed):
        (options.folder / f"{document.name}.pdf").write_bytes(document.pdf)
        facts = {
            "vendor": document.vendor,
            "truth": dict(document.truth),
            "schemas": [drawn.schema(document, seed) for seed in range(2)],
        }
        text = json.dumps(facts, ensure_ascii=False, indent=2)
        (options.folder / f"{document.name}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
