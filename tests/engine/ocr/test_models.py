"""Where the model files come from, and what an operator is told when they are not right."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.ocr.models import ModelFilesError, folders, packaged


def export(root: Path, part: str) -> None:
    (root / part).mkdir(parents=True)
    (root / part / "inference.onnx").touch()
    (root / part / "inference.yml").write_text(f"Global:\n  model_name: PP-OCRv6_medium_{part}\n")


def test_exported_folders_are_used_as_they_are(tmp_path: Path) -> None:
    export(tmp_path, "det")
    export(tmp_path, "rec")
    with folders(tmp_path) as (det, rec):
        assert (det.path, rec.path) == (tmp_path / "det", tmp_path / "rec")
        assert (det.model_name, rec.model_name) == ("PP-OCRv6_medium_det", "PP-OCRv6_medium_rec")


def test_packaged_models_get_folders_that_are_gone_afterwards() -> None:
    with folders() as (det, rec):
        assert (det.path / "inference.onnx").resolve().parent == packaged().resolve()
        assert "DBPostProcess" in (det.path / "inference.yml").read_text()
        assert '"\\u4e00"' in (rec.path / "inference.yml").read_text()
    assert not det.path.exists()
    assert not rec.path.exists()


def test_bare_files_are_found_by_their_names(tmp_path: Path) -> None:
    for weights in packaged().glob("PP-OCRv6_*.onnx"):
        (tmp_path / f"my_{weights.name}").symlink_to(weights)
    with folders(tmp_path) as (det, _):
        assert (det.path / "inference.onnx").is_file()


def test_missing_directory_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(ModelFilesError, match="absent is not a folder"),
        folders(tmp_path / "absent"),
    ):
        pass


def test_error_says_what_is_expected_and_what_was_found(tmp_path: Path) -> None:
    export(tmp_path, "det")
    (tmp_path / "weights.pdparams").touch()
    with (
        pytest.raises(ModelFilesError, match=r"\*_rec\*\.onnx; found .*weights\.pdparams"),
        folders(tmp_path),
    ):
        pass


def test_export_without_its_settings_is_refused(tmp_path: Path) -> None:
    export(tmp_path, "det")
    (tmp_path / "det" / "inference.yml").unlink()
    with pytest.raises(ModelFilesError, match=r"det/inference\.yml"), folders(tmp_path):
        pass


def test_settings_without_a_model_name_are_refused(tmp_path: Path) -> None:
    export(tmp_path, "det")
    (tmp_path / "det" / "inference.yml").write_text("Global: {}\n")
    with pytest.raises(ModelFilesError, match="states no model_name"), folders(tmp_path):
        pass
