from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import resolve

from ocrwell.errors import Detail, InvalidField, NotFound, UnsupportedFormat
from ocrwell.jobs import uploads
from ocrwell.jobs.models import Upload
from ocrwell.storage.local import check_ticket
from tests.factories import make_upload
from tests.stage import Person


@pytest.mark.usefixtures("local_store")
@pytest.mark.parametrize(
    ("filename", "media_type"),
    [
        ("a.pdf", "application/pdf"),
        ("a.PDF", "application/pdf"),
        ("a.jpg", "image/jpeg"),
        ("a.jpeg", "image/jpeg"),
        ("a.png", "image/png"),
        ("a.tiff", "image/tiff"),
        ("a.tif", "image/tiff"),
        ("a.webp", "image/webp"),
        ("a.bmp", "image/bmp"),
        ("Ünïcode 漢字.v2.pdf", "application/pdf"),
        ("../../etc/passwd.pdf", "application/pdf"),
    ],
)
def test_a_place_takes_the_type_its_name_promises(
    alice: Person, filename: str, media_type: str
) -> None:
    upload, url = uploads.create(org=alice.org, filename=filename)
    ticket = check_ticket(resolve(url).kwargs["token"])
    assert ticket.media_type == media_type
    assert ticket.key == f"uploads/{upload.id}"
    assert (ticket.max_bytes, ticket.ttl_seconds) == (20 * 2**20, 900)


@pytest.mark.parametrize("filename", ["a.docx", "pdf", ".pdf", "a.pdf.exe", "a.pdf ", "a."])
def test_other_formats_get_no_place(alice: Person, filename: str) -> None:
    with pytest.raises(UnsupportedFormat):
        uploads.create(org=alice.org, filename=filename)
    assert not Upload.objects.exists()


def test_an_upload_is_found_by_its_organisation_only(alice: Person, charlie: Person) -> None:
    upload = make_upload(alice.org, None)
    assert uploads.find(org=alice.org, upload_id=str(upload.id)) == upload
    with pytest.raises(NotFound):
        uploads.find(org=charlie.org, upload_id=str(upload.id))


@pytest.mark.parametrize(
    "nonsense", ["", "42", "019539a6-6c3d-7e5f", "\x00", "01a20000-0000-7000-8000-000000000000"]
)
def test_an_unknown_upload_is_not_found(alice: Person, nonsense: str) -> None:
    make_upload(alice.org, None)
    with pytest.raises(NotFound):
        uploads.find(org=alice.org, upload_id=nonsense)


def test_an_upload_is_found_for_a_day(alice: Person) -> None:
    young = make_upload(alice.org, age=timedelta(hours=23, minutes=59))
    old = make_upload(alice.org, age=timedelta(hours=24))
    assert uploads.find(org=alice.org, upload_id=str(young.id)) == young
    with pytest.raises(NotFound):
        uploads.find(org=alice.org, upload_id=str(old.id))


@pytest.mark.parametrize(
    "declared",
    [
        "image/png",
        " Image/PNG ; q=1",
        "",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "binary/octet-stream",
    ],
)
def test_the_right_type_or_none_is_accepted(declared: str) -> None:
    uploads.check_type(declared, "image/png")


@pytest.mark.parametrize("declared", ["application/pdf", "image", "image/png2", "é"])
def test_another_type_is_refused(declared: str) -> None:
    with pytest.raises(InvalidField, match="filename asks for image/png") as refused:
        uploads.check_type(declared, "image/png")
    assert refused.value.details == (Detail("Content-Type", "mismatch"),)
