"""Whatever workers do, and in whatever order: one holder at a time, and ends are final."""

from __future__ import annotations

from uuid import UUID

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from pytest_django import Settings

from ocrwell.accounts.models import Org
from ocrwell.jobs import lifecycle, schedule
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job, PageBatch
from tests.factories import lapse, make_org

FINAL = {"completed", "failed"}
PAGES = 5


class Lifecycle(RuleBasedStateMachine):
    claims: Bundle[Claim] = Bundle("claims")
    jobs: Bundle[UUID] = Bundle("jobs")

    @initialize()
    def begin(self) -> None:
        Job.objects.all().delete()
        self.org: Org = Org.objects.first() or make_org()
        self.holders: dict[int, Claim] = {}
        self.ends: dict[UUID, str] = {}

    @rule(target=jobs)
    def submit(self) -> UUID:
        job = Job(org=self.org, dialect="native", mode="text", created_at=timezone.now())
        lifecycle.add(job)
        return job.pk

    @rule(target=claims)
    def claim(self) -> Claim | MultipleResults[Claim]:
        promised = schedule.waiting()
        claim = lifecycle.claim()
        assert promised is (claim is not None)
        if claim is None:
            return multiple()
        old = self.holders.get(claim.batch_id)
        assert old is None or claim.attempt > old.attempt
        assert claim.job_id not in self.ends
        self.holders[claim.batch_id] = claim
        return claim

    @rule(claim=claims)
    def renew(self, claim: Claim) -> None:
        assert lifecycle.renew(claim) is self.held(claim)

    @rule(claim=claims, read=st.integers(1, PAGES))
    def read_pages(self, claim: Claim, read: int) -> None:
        """As workers do: cut what nobody has opened, keep what was read, end what is read whole."""
        held = self.held(claim)
        try:
            opened = lifecycle.cut(claim, page_count=PAGES) if claim.last is None else claim
            assert opened.last is not None
            last = lifecycle.finish(opened, upto=min(opened.first + read - 1, opened.last))
        except lifecycle.Lost:
            assert not held
            return
        assert held
        if last:
            assert lifecycle.complete(claim, page_count=PAGES, result_key="")
            self.end(claim.job_id, "completed")
        else:
            del self.holders[claim.batch_id]

    @rule(claim=claims)
    def fail(self, claim: Claim) -> None:
        held = self.held(claim)
        assert lifecycle.fail(claim, reason="because") is held
        if held:
            self.end(claim.job_id, "failed")

    @rule(claim=claims)
    def release(self, claim: Claim) -> None:
        held = self.held(claim)
        assert lifecycle.release(claim) is held
        if held:
            del self.holders[claim.batch_id]

    @rule(job_id=jobs)
    def fall_silent(self, job_id: UUID) -> None:
        lapse(Job.objects.get(pk=job_id))

    @rule()
    def sweep(self) -> None:
        worn = PageBatch.objects.filter(losses=django_settings.MAX_ATTEMPTS - 1)
        hopeless = set(worn.values_list("job", flat=True))
        for job_id in lifecycle.fail_hopeless():
            assert job_id in hopeless
            self.end(job_id, "failed")

    @invariant()
    def rows_tell_the_same_story(self) -> None:
        for job in Job.objects.all():
            ended, batches = job.state in FINAL, list(job.batches.order_by("first"))
            assert job.state == self.ends.get(job.pk, job.state)
            assert ended is (job.pk in self.ends) is (job.finished_at is not None)
            assert ended is not bool(batches)
            if not ended:
                assert pages(batches) in ([None], list(range(1, PAGES + 1)))
            for each in batches:
                assert (each.state == "at work") is (each.pk in self.holders)
                assert each.losses < django_settings.MAX_ATTEMPTS

    def end(self, job_id: UUID, state: str) -> None:
        self.ends[job_id] = state
        over = [pk for pk, claim in self.holders.items() if claim.job_id == job_id]
        for pk in over:
            del self.holders[pk]

    def held(self, claim: Claim) -> bool:
        holder = self.holders.get(claim.batch_id)
        return holder is not None and holder.attempt == claim.attempt


def pages(batches: list[PageBatch]) -> list[int | None]:
    """Every page that is read or to be read, in the order of the batches."""
    return [
        page
        for each in batches
        for page in (range(each.first, each.last + 1) if each.last else [None])
    ]


@pytest.mark.django_db
def test_pages_have_one_holder_at_a_time_and_jobs_one_end(settings: Settings) -> None:
    settings.BATCH_PAGES = 2
    run_state_machine_as_test(
        Lifecycle,
        settings=hypothesis.settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
