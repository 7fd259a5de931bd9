"""What a person at a terminal gets from ``python -m engine extract``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine import rows, schema
from engine.__main__ import main
from engine.types import Box, FieldValue, Word
from tests.engine import drawn

WANTED = {"number": "", "total": 0, "paid": False, "items": [{"name": "", "price": 0}]}
EVIDENCE = ["value", "confidence", "flag", "reason", "page", "box", "words"]
NO_SCHEMA = {
    "a template with null": ('{"total": null}', "schema.total"),
    "a list": ("[]", "must be a JSON object"),
    "no fields": ("{}", "has no fields"),
    "cut off": ('{"total": ', "is not JSON"),
    "nothing": ("", "is not JSON"),
    "another file": ("%PDF-1.7\n\xff\xd8", "is not JSON"),
    "too deep": ('{"a": ' * 100_000, "nested too deeply"),
}
Run = tuple[int, list[dict[str, Any]]]


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    drawn.make_pdf(tmp_path / "a.pdf", [["Invoice number: INV-4821"], ["Total: 7,582.44"]])
    return tmp_path / "a.pdf"


@pytest.fixture
def wanted(tmp_path: Path) -> Path:
    return written(tmp_path, json.dumps(WANTED))


def written(folder: Path, text: str) -> Path:
    file = folder / "schema.json"
    file.write_bytes(text.encode("latin-1"))
    return file


def extract(capsys: pytest.CaptureFixture[str], schema: Path, *arguments: str | Path) -> Run:
    """The exit status and the rows of a run on text layers."""
    command = ["extract", "--ocr", "text", "--schema", str(schema), *map(str, arguments)]
    return main(command), [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refusal(capsys: pytest.CaptureFixture[str], schema: Path, *arguments: str | Path) -> str:
    """What is said where nothing is read: one line, after which nothing is left to ask."""
    assert main(["extract", "--schema", str(schema), *map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err


def test_a_row_is_that_of_read_with_data_and_fields(
    pdf: Path, wanted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, (row,) = extract(capsys, wanted, pdf)
    assert (status, list(row)) == (0, ["file", "page_count", "pages", "data", "fields"])
    data, fields = row.pop("data"), row.pop("fields")
    assert main(["read", "--ocr", "text", str(pdf)]) == 0
    assert row == json.loads(capsys.readouterr().out)
    assert data == schema.conform(schema.parse(WANTED), data)
    assert all(list(field) == EVIDENCE for field in fields.values())


def test_a_field_in_json() -> None:
    word = Word("€9.50", Box(1, 2.04, 3, 4), 0.98766)
    found = FieldValue(9.5, 1 / 3, True, "It is unclear.", 2, Box(1, 2.04, 3, 4.06), (word,))
    assert rows.field(found) == {
        "value": 9.5,
        "confidence": 0.3333,
        "flag": True,
        "reason": "It is unclear.",
        "page": 2,
        "box": [1, 2, 3, 4.1],
        "words": [{"text": "€9.50", "box": [1, 2, 3, 4], "confidence": 0.9877}],
    }


def test_a_word_in_json_says_what_else_was_read() -> None:
    word = Word("9.50", Box(1, 2, 3, 4), 0.4, "9.80")
    (written,) = rows.field(FieldValue(9.5, 0.5, words=(word,)))["words"]
    assert (written["text"], written["other"]) == ("9.50", "9.80")


def test_a_field_that_was_not_found_in_json() -> None:
    nothing: list[object] = [None, 0.5, False, None, None, None, []]
    assert rows.field(FieldValue(None, 0.5)) == dict(zip(EVIDENCE, nothing, strict=True))


def test_fields_only_leaves_out_the_pages(
    pdf: Path, wanted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, (row,) = extract(capsys, wanted, "--fields-only", pdf)
    assert list(row) == ["file", "page_count", "data", "fields"]


def test_a_file_that_fails_does_not_stop_the_others(
    pdf: Path, wanted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = pdf.with_name("broken.pdf")
    drawn.make_broken_pdf(broken)
    status, found = extract(capsys, wanted, "--jobs", "2", pdf, broken, pdf)
    assert status == 1
    assert [row["file"] for row in found] == [str(pdf), str(broken), str(pdf)]
    reason = "Document could not be read: the file is damaged."
    assert found[1] == {"file": str(broken), "error": reason}
    assert set(found[0]["data"]) == set(found[2]["data"]) == set(WANTED)


def test_a_schema_that_is_not_there_ends_the_run(
    pdf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(capsys, pdf.with_name("nowhere.json"), pdf)
    assert "nowhere.json: no such file or directory" in said
    assert "JSON Schema" in said
    assert "is a directory" in refusal(capsys, pdf.parent, pdf)


@pytest.mark.parametrize("what", NO_SCHEMA)
def test_a_schema_that_is_none_ends_the_run(
    pdf: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    text, reason = NO_SCHEMA[what]
    said = refusal(capsys, written(pdf.parent, text), pdf)
    assert "schema.json" in said
    assert reason in said


def test_label_tables_that_cannot_be_used_end_the_run(
    pdf: Path, wanted: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether an option names them or the environment."""
    folder = pdf.parent / "tables"
    assert "tables" in refusal(capsys, wanted, "--labels", folder, "--ocr", "text", pdf)
    folder.mkdir()
    (folder / "ours.toml").write_text("[labels")
    monkeypatch.setenv("OCRWELL_LABEL_DIR", str(folder))
    assert "ours.toml" in refusal(capsys, wanted, "--ocr", "text", pdf)


def test_label_tables_of_ones_own_are_taken(
    pdf: Path, wanted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pdf.parent / "ours.toml").write_text('[labels]\ntotal = ["grand sum"]\n')
    status, (row,) = extract(capsys, wanted, "--labels", pdf.parent, pdf)
    assert (status, set(row["data"])) == (0, set(WANTED))


def test_nothing_is_read_before_the_schema_is_known_to_be_good(
    pdf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = pdf.with_name("missing.pdf")
    assert "missing" not in refusal(capsys, written(pdf.parent, "[]"), missing)


def test_a_json_schema_will_do_even_with_a_mark(
    pdf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '\xef\xbb\xbf{"type": "object", "properties": {"total": {"type": "integer"}}}'
    _, (row,) = extract(capsys, written(pdf.parent, text), pdf)
    assert isinstance(row["data"]["total"], int)


def test_a_schema_as_deep_as_the_rules_allow_reaches_the_workers(
    pdf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    depth = schema.MAX_DEPTH - 1
    text = '{"a": ' * depth + '""' + "}" * depth
    status, (row,) = extract(capsys, written(pdf.parent, text), pdf)
    assert (status, json.dumps(row["data"]).count("{")) == (0, depth)
