"""Whatever workers do, and in whatever order: one holder at a time, and ends are final."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings
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

from ocrwell import ids
from ocrwell.accounts.models import Org
from ocrwell.jobs import lifecycle
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job
from tests.factories import lapse, make_org

FINAL = {"completed", "failed"}


class Lifecycle(RuleBasedStateMachine):
    claims: Bundle[Claim] = Bundle("claims")
    jobs: Bundle[UUID] = Bundle("jobs")

    @initialize()
    def begin(self) -> None:
        Job.objects.all().delete()
        self.org: Org = Org.objects.first() or make_org()
        self.holders: dict[UUID, Claim] = {}
        self.ends: dict[UUID, str] = {}

    @rule(target=jobs)
    def submit(self) -> UUID:
        id_ = ids.new()
        Job.objects.create(id=id_, org=self.org, dialect="native", mode="text", filename="a.pdf")
        return id_

    @rule(target=claims)
    def claim(self) -> Claim | MultipleResults[Claim]:
        promised = lifecycle.waiting()
        claim = lifecycle.claim()
        assert promised is (claim is not None)
        if claim is None:
            return multiple()
        old = self.holders.get(claim.job_id)
        assert old is None or claim.attempt > old.attempt
        assert claim.job_id not in self.ends
        self.holders[claim.job_id] = claim
        return claim

    @rule(claim=claims)
    def renew(self, claim: Claim) -> None:
        assert lifecycle.renew(claim) is self.held(claim)

    @rule(claim=claims, end=st.sampled_from(["completed", "failed"]))
    def finish(self, claim: Claim, end: str) -> None:
        held = self.held(claim)
        done = (
            lifecycle.complete(claim, page_count=1)
            if end == "completed"
            else lifecycle.fail(claim, reason="because")
        )
        assert done is held
        if held:
            self.ends[claim.job_id] = end

    @rule(claim=claims)
    def release(self, claim: Claim) -> None:
        held = self.held(claim)
        assert lifecycle.release(claim) is held
        if held:
            del self.holders[claim.job_id]

    @rule(job_id=jobs)
    def fall_silent(self, job_id: UUID) -> None:
        job = Job.objects.get(pk=job_id)
        if job.state == "processing":
            lapse(job)

    @rule()
    def sweep(self) -> None:
        hopeless = set(Job.objects.filter(losses=django_settings.MAX_ATTEMPTS - 1))
        lifecycle.fail_hopeless()
        for job in Job.objects.filter(state="failed").exclude(pk__in=self.ends):
            assert job in hopeless
            self.ends[job.pk] = "failed"

    @invariant()
    def rows_tell_the_same_story(self) -> None:
        for job in Job.objects.all():
            ended, held = job.state in FINAL, job.state == "processing"
            assert job.state == self.ends.get(job.pk, job.state)
            assert ended is (job.pk in self.ends) is (job.finished_at is not None)
            assert held is (job.lease_until is not None)
            assert held is (not ended and job.pk in self.holders)
            assert job.losses < django_settings.MAX_ATTEMPTS

    def held(self, claim: Claim) -> bool:
        return self.holders.get(claim.job_id) == claim and claim.job_id not in self.ends


@pytest.mark.django_db
def test_a_job_has_one_holder_at_a_time_and_one_end() -> None:
    run_state_machine_as_test(
        Lifecycle,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
