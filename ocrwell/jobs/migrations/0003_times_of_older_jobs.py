from datetime import timedelta

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F
from django.utils import timezone

DAY = timedelta(hours=24)


def give_times(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Jobs that ended before results had times of their own: they live and go like the others."""
    job = apps.get_model("jobs", "Job")
    upload = apps.get_model("jobs", "Upload")
    completed = job.objects.filter(state="completed", expires_at=None)
    completed.update(expires_at=F("finished_at") + DAY)
    failed = job.objects.filter(state="failed", content_deleted_at=None)
    failed.update(content_deleted_at=timezone.now(), filename="")
    upload.objects.exclude(submitted_at=None).update(filename="")


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_retention_and_idempotency")]
    operations = [migrations.RunPython(give_times, migrations.RunPython.noop)]
