from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from ocrwell.jobs import presence
from ocrwell.jobs.models import WorkerProcess

pytestmark = pytest.mark.django_db


def silent_for(silence: timedelta) -> None:
    WorkerProcess.objects.update(seen_at=timezone.now() - silence)


def test_a_process_lives_from_its_first_report_until_it_leaves() -> None:
    assert presence.alive() == 0
    presence.report("a")
    presence.report("b")
    presence.report("a")
    assert presence.alive() == 2
    presence.leave("a")
    assert presence.alive() == 1


def test_a_process_that_is_silent_for_a_lease_counts_as_dead_until_it_speaks() -> None:
    presence.report("a")
    silent_for(settings.LEASE)
    assert presence.alive() == 0
    presence.report("a")
    assert presence.alive() == 1


def test_leaving_without_having_come_is_nothing() -> None:
    presence.leave("a")


def test_the_sweep_forgets_only_the_long_silent() -> None:
    presence.report("a")
    silent_for(9 * settings.LEASE)
    presence.sweep()
    assert WorkerProcess.objects.count() == 1
    silent_for(11 * settings.LEASE)
    presence.sweep()
    assert WorkerProcess.objects.count() == 0
