"""Answers to the name ``opencv-contrib-python`` in the installed metadata with the headless build.

paddlex decides by that one distribution name whether OpenCV is there. Only the headless build
is installed, because the build that is asked for needs the libraries of a desktop (libGL) and two
builds overwrite each other's ``cv2``. The functions that are used are the same in both.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import metadata

ASKED_FOR = "opencv-contrib-python"
INSTALLED = "opencv-python-headless"
EVERY = metadata.DistributionFinder.Context()


class OpenCVNameFinder(metadata.DistributionFinder):
    """Finds the headless build under the asked-for name, and nothing else."""

    def find_distributions(
        self, context: metadata.DistributionFinder.Context = EVERY
    ) -> Iterable[metadata.Distribution]:
        if context.name == ASKED_FOR:
            yield metadata.distribution(INSTALLED)

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """No modules are found here: part of what ``sys.meta_path`` asks of a finder."""


def install() -> None:
    """Put the finder last on ``sys.meta_path``, once: a real distribution of that name wins."""
    if not any(isinstance(finder, OpenCVNameFinder) for finder in sys.meta_path):
        sys.meta_path.append(OpenCVNameFinder())
