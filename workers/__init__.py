"""Celery's door to the core. Start with ``celery -A workers worker -Q ocr`` and ``-Q io -B``."""

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
