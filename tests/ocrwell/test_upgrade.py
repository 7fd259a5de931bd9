"""An installation of an older version is carried over, with the work that waits in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from ocrwell.accounts.models import Org
from ocrwell.jobs.models import Job
from tests.factories import make_org

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE_BATCHES = ("jobs", "0003_times_of_older_jobs")


@pytest.fixture
def old_jobs() -> Iterator[Any]:
    """The model of the jobs as it was, in a database as it was."""
    executor = MigrationExecutor(connection)
    executor.migrate([BEFORE_BATCHES])
    yield executor.loader.project_state([BEFORE_BATCHES]).apps.get_model("jobs", "Job")
    upgrade()


def upgrade() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] == "jobs"])


def test_jobs_that_waited_are_there_to_be_done_and_results_are_found(old_jobs: Any) -> None:
    org: Org = make_org()
    made = {
        state: old_jobs.objects.create(
            org_id=org.pk, dialect="native", mode="text", state=state, attempt=attempt
        )
        for attempt, state in enumerate(("pending", "processing", "completed", "failed"))
    }
    upgrade()
    now = timezone.now()
    to_do = {job.pk for job in Job.objects.all() if job.batches.filter(free_at__lte=now).exists()}
    assert to_do == {made["pending"].pk, made["processing"].pk}
    done = Job.objects.get(pk=made["completed"].pk)
    assert done.result_key == f"jobs/{done.pk}/2/result.json"
