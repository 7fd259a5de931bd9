"""What Prometheus is told, and who is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.openmetrics import parser
from prometheus_client.parser import text_string_to_metric_families as parse
from pytest_django import Settings

from ocrwell import ids
from ocrwell.jobs import presence
from ocrwell.jobs.models import Job
from ocrwell.metrics import counters
from ocrwell.webhooks.models import Delivery
from tests.api.conftest import Web
from tests.factories import make_claim, make_job, make_org
from tests.stage import Person

pytestmark = pytest.mark.django_db

parse_open: Any = parser.text_string_to_metric_families
Samples = dict[tuple[str, tuple[str, ...]], float]


def told(api: Client) -> Samples:
    """Every sample by its name and the values of its labels, in the order of these."""
    answer = api.get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    return samples(parse(answer.content.decode()))


def samples(families: Any) -> Samples:
    found: list[Metric] = list(families)
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in found
        for sample in family.samples
    }


def test_what_was_counted_is_told(nobody: Client, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        counters.add({counters.PAGES.of("ocr"): 3, counters.STAGE_SECONDS.of("text layer"): 1.5})
        counters.add({counters.JOBS_ENDED.of("failed", "text"): 2, **counters.JOB_SECONDS.of(7.5)})
    found = told(nobody)
    assert found["ocrwell_pages_total", ("ocr",)] == 3
    assert found["ocrwell_stage_seconds_total", ("text layer",)] == 1.5
    assert found["ocrwell_jobs_ended_total", ("text", "failed")] == 2
    assert found["ocrwell_batches_total", ()] == 0
    assert found["ocrwell_job_seconds_bucket", ("5.0",)] == 0
    assert found["ocrwell_job_seconds_bucket", ("10.0",)] == 1
    assert found["ocrwell_job_seconds_count", ()] == 1
    assert found["ocrwell_job_seconds_sum", ()] == 7.5


def test_how_things_stand_is_told(alice: Person) -> None:
    before = told(alice.api)
    for _ in range(3):
        make_job(alice.org)
    job = Job.objects.get(pk=make_claim().job_id)
    due = timezone.now() - timedelta(seconds=30)
    Delivery.objects.create(org=alice.org, job=job, event="job.failed", due_at=due)
    presence.report("a:1")
    found = told(alice.api)
    assert before["ocrwell_queue_length", ("ocr",)] == 0
    assert found["ocrwell_queue_length", ("ocr",)] == 2
    assert found["ocrwell_queue_at_work", ("ocr",)] == 1
    assert 0 < found["ocrwell_queue_oldest_seconds", ("ocr",)] < 30
    assert found["ocrwell_jobs", ("pending",)] == 2
    assert found["ocrwell_jobs", ("processing",)] == 1
    assert found["ocrwell_queue_length", ("io",)] == 1
    assert 30 <= found["ocrwell_queue_oldest_seconds", ("io",)] < 60
    assert found["ocrwell_workers", ()] == 1
    assert ("ocrwell_worker_memory_bytes", ("a:1",)) in found
    assert found["process_resident_memory_bytes", ()] > 1e6


def test_a_scrape_takes_few_queries_and_reads_no_ended_job(
    nobody: Client, django_assert_max_num_queries: Any
) -> None:
    org, now = make_org(), timezone.now()
    ended = [
        Job(id=ids.new(), org=org, mode="text", state=Job.State.COMPLETED, finished_at=now)
        for _ in range(500)
    ]
    Job.objects.bulk_create(ended)
    with django_assert_max_num_queries(8) as asked:
        told(nobody)
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(
                f"EXPLAIN {'QUERY PLAN ' * (connection.vendor == 'sqlite')}{query['sql']}"
            )
            plan = str(cursor.fetchall())
            assert "SCAN jobs_job" not in plan


def test_open_metrics_are_told_to_who_asks_for_them(nobody: Client) -> None:
    wanted = "application/openmetrics-text; version=1.0.0"
    answer = nobody.get("/metrics", headers={"accept": wanted})
    assert answer["Content-Type"].startswith("application/openmetrics-text")
    assert ("ocrwell_workers", ()) in samples(parse_open(answer.content.decode()))


@pytest.mark.parametrize(
    "trace", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Via", "Forwarded"]
)
@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.7"], ids=["trusted", "stranger"])
def test_who_comes_through_a_proxy_finds_nothing(nobody: Client, trace: str, peer: str) -> None:
    answer = nobody.get("/metrics", headers={trace: "https"}, REMOTE_ADDR=peer)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_who_connects_directly_needs_neither_https_nor_a_listed_host(
    nobody: Client, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = settings.API_HOSTS = settings.DASHBOARD_HOSTS = ["ocr.example.com"]
    found = nobody.get("/metrics", headers={"host": "web:8000"}, REMOTE_ADDR="10.0.0.7")
    assert found.status_code == 200


def test_the_real_server_tells_too(web: Web) -> None:
    answer = web.raw(b"GET /metrics HTTP/1.1\r\nHost: web:8000\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"200 OK" in head
    assert ("process_cpu_seconds_total", ()) in samples(parse(body.decode()))
