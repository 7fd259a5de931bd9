"""What ``bench.polls`` polls: run in a process of its own, prints one JSON object."""

from __future__ import annotations

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrwell.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from ocrwell import ids  # noqa: E402
from ocrwell.accounts import keys  # noqa: E402
from ocrwell.accounts.models import Org  # noqa: E402
from ocrwell.management.commands import serve  # noqa: E402
from ocrwell.webhooks import endings  # noqa: E402
from tests import factories  # noqa: E402

NAME = "polls "
JOBS = 50
PAGE = "A line of forty characters of plain text\n" * 40


def main() -> None:
    """The arguments of the web process, a key, and the paths of jobs by their state."""
    call_command("migrate", verbosity=0)
    # Jobs of an earlier run would be claimed instead of the fresh ones.
    Org.objects.filter(name__startswith=NAME).delete()
    org = factories.make_org(name=f"{NAME}{ids.new()}", rate_limit=2_000_000_000)
    completed = [factories.make_completed(org, PAGE, PAGE) for _ in range(JOBS)]
    failed = []
    for _ in range(JOBS):
        failed.append(factories.make_job(org))
        endings.fail(factories.make_claim(), reason="Document could not be read.")
    found = {
        "web": serve.parts()[0].arguments,
        "key": keys.issue(org=org, name="polls")[1],
        "waiting": [_path(factories.make_job(org).pk) for _ in range(JOBS)],
        "completed": [_path(job.pk) for job in completed],
        "failed": [_path(job.pk) for job in failed],
    }
    print(json.dumps(found))


def _path(job_id: object) -> str:
    return f"/v1/jobs/{job_id}"


if __name__ == "__main__":
    main()
