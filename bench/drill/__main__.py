"""``python -m bench.drill [chaos|fair|soak] [seed]``: exit status 1 when something is wrong."""

from __future__ import annotations

import sys

from bench.drill import chaos, fair, soak


def main(name: str = "chaos", *seed: str) -> int:
    drills = {
        "chaos": lambda: chaos.main(*map(int, seed)),
        "fair": fair.main,
        "soak": soak.main,
    }
    return 0 if drills[name]() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
