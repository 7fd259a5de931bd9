"""The headless OpenCV answers to the name that paddlex asks for."""

from __future__ import annotations

import sys
from importlib import metadata

import pytest

from engine.ocr.opencv_name import OpenCVNameFinder, install


def test_asked_for_name_has_the_version_of_the_installed_build() -> None:
    install()
    assert metadata.version("opencv-contrib-python") == metadata.version("opencv-python-headless")


def test_finder_is_installed_once() -> None:
    install()
    install()
    assert sum(isinstance(finder, OpenCVNameFinder) for finder in sys.meta_path) == 1


def test_other_missing_names_stay_missing() -> None:
    install()
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.version("opencv-contrib-python-rolling")


def test_listing_of_everything_installed_does_not_grow() -> None:
    install()
    assert "opencv-contrib-python" not in {d.name for d in metadata.distributions()}
    assert list(OpenCVNameFinder().find_distributions()) == []
