"""Numbers for Prometheus: what was counted so far, and how things stand at this moment.

They are about an installation and nobody outside has business with them: only who connects to the
web process itself gets them, never who comes through a proxy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from ocrwell import peer
from ocrwell.api import base
from ocrwell.jobs import presence, schedule
from ocrwell.jobs.models import Job
from ocrwell.metrics import counters
from ocrwell.metrics.counters import Line
from ocrwell.webhooks import delivery

UNFINISHED = (Job.State.PENDING, Job.State.PROCESSING)


def metrics(request: HttpRequest) -> HttpResponse:
    if peer.relayed(request):
        return base.unknown_route(request)
    encode, media_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=media_type)


class Installation(Collector):
    """What all processes did and wait for; every web process tells the same."""

    def collect(self) -> Iterator[Metric]:
        yield from _counted(counters.read())
        yield from _queues()
        yield from _jobs()
        yield from _workers()


def _counted(found: Mapping[Line, float]) -> Iterator[Metric]:
    for metric in counters.METRICS:
        family = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
        lines = [line for line in sorted(found) if line.name == metric.name]
        for line in lines if metric.labels else [metric.of()]:
            family.add_metric(counters.values(line), found.get(line, 0.0))
        yield family
    buckets, total = counters.JOB_SECONDS.read(found)
    yield HistogramMetricFamily(
        counters.JOB_SECONDS.name, counters.JOB_SECONDS.help, buckets=buckets, sum_value=total
    )


def _queues() -> Iterator[Metric]:
    waiting = _gauge("ocrwell_queue_length", "What a class of workers could take up now", "class")
    at_work = _gauge("ocrwell_queue_at_work", "What a class of workers is working on", "class")
    oldest = _gauge("ocrwell_queue_oldest_seconds", "How long the oldest has waited", "class")
    for name, backlog in (("ocr", schedule.backlog()), ("io", delivery.backlog())):
        waiting.add_metric([name], backlog.waiting)
        at_work.add_metric([name], backlog.at_work)
        oldest.add_metric([name], backlog.oldest_seconds)
    yield from (waiting, at_work, oldest)


def _jobs() -> Iterator[Metric]:
    open_ = Job.objects.filter(state__in=UNFINISHED).values_list("state").annotate(Count("pk"))
    counts = dict(open_.order_by())
    family = _gauge("ocrwell_jobs", "Jobs that have not ended", "state")
    for state in UNFINISHED:
        family.add_metric([state.value], counts.get(state, 0))
    yield family


def _workers() -> Iterator[Metric]:
    alive = presence.processes()
    memory = _gauge("ocrwell_worker_memory_bytes", "What an OCR process has in memory", "worker")
    for name, size in alive:
        memory.add_metric([name], size)
    yield GaugeMetricFamily("ocrwell_workers", "OCR processes that live", value=len(alive))
    yield memory


def _gauge(name: str, text: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=[label])


registry = CollectorRegistry(auto_describe=False)
ProcessCollector(registry=registry)
registry.register(Installation())
