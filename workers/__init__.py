"""Celery's door to the core: ``ocrwell.management.processes`` says how its processes start."""

import os
import warnings

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrwell.settings")
django.setup()

from ocrwell.queue import app  # noqa: E402
from workers import process, tasks  # noqa: E402

# Running as root is risky for workers that unpickle messages; these take JSON only.
warnings.filterwarnings("ignore", message=".*superuser privileges")

__all__ = ["app", "process", "tasks"]
