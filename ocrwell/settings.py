"""All settings. What differs between installations comes from OCRWELL_… variables."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from ocrwell import env

BASE_DIR = Path(__file__).resolve().parent.parent
CORES = len(os.sched_getaffinity(0))
DATA_DIR = env.path("OCRWELL_DATA_DIR", BASE_DIR / "var")
DATA_DIR.mkdir(parents=True, exist_ok=True)

# Web
HOST = env.text("OCRWELL_HOST", "127.0.0.1")
PORT = env.integer("OCRWELL_PORT", 8000, minimum=1)
WEB_THREADS = env.integer("OCRWELL_WEB_THREADS", 16, minimum=1)

# Requests
SECRET_KEY = env.secret("OCRWELL_SECRET_KEY") or env.kept_secret(DATA_DIR / "secret_key")
DEBUG = False
ALLOWED_HOSTS = env.words("OCRWELL_ALLOWED_HOSTS", "*")
ROOT_URLCONF = "ocrwell.urls"
WSGI_APPLICATION = "ocrwell.wsgi.application"
APPEND_SLASH = False
MIDDLEWARE = [
    "ocrwell.request_id.Middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
INSTALLED_APPS = ["rest_framework", "ocrwell", "ocrwell.accounts", "ocrwell.jobs"]
REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None}
USE_TZ = True
TIME_ZONE = "UTC"

# Database: one writer at a time is SQLite's nature, so every transaction queues for the write
# lock at its start instead of failing in its middle.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "ocrwell.sqlite3",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}

# Store
STORE_DIR = DATA_DIR / "store"

# Limits and times of the native API
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_BODY_BYTES = 1024 * 1024
MAX_PAGES = 1000
UPLOAD_URL_TTL = timedelta(minutes=15)
UPLOAD_TTL = timedelta(hours=24)

# Jobs: a worker that is silent for a lease is taken for dead.
LEASE = timedelta(seconds=20)
HEARTBEAT = timedelta(seconds=5)
SWEEP_EVERY = timedelta(seconds=5)
MAX_ATTEMPTS = 3
JOB_TIME_LIMIT = timedelta(minutes=env.integer("OCRWELL_JOB_MINUTES", 60, minimum=1))

# OCR: processes of one reader each, which share the cores.
MODEL_DIR = env.text("OCRWELL_MODEL_DIR")
OCR_PROCESSES = env.integer("OCRWELL_OCR_PROCESSES", max(1, CORES // 2), minimum=1)
OCR_THREADS = env.integer("OCRWELL_OCR_THREADS", max(1, CORES // OCR_PROCESSES), minimum=1)

# Queue: Redis where there is one, else files in the data folder. A message names no job, so
# nothing depends on its delivery; late acknowledgement would only bring old hints back.
REDIS_URL = env.secret("OCRWELL_REDIS_URL")
BROKER_DIR = DATA_DIR / "broker"
if not REDIS_URL:
    (BROKER_DIR / "messages").mkdir(parents=True, exist_ok=True)
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost//"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    # No retries: a request must not wait for a broker that is down, the sweep makes up for it.
    {"socket_timeout": 5, "socket_connect_timeout": 2, "max_retries": 0}
    if REDIS_URL
    else {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
# A process that leaks is replaced between two jobs.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.integer("OCRWELL_WORKER_MAX_MB", 2500, minimum=500) * 1024
# Loading the models takes some seconds, more on a busy machine.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "workers.tasks.sweep",
        "schedule": SWEEP_EVERY,
        "options": {"queue": "io", "expires": SWEEP_EVERY.total_seconds()},
    },
    "expire": {
        "task": "workers.tasks.expire",
        "schedule": timedelta(minutes=10),
        "options": {"queue": "io"},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "ocrwell.request_id.LogFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    # Errors are logged where they are handled, with their request's id.
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": env.text("OCRWELL_LOG_LEVEL", "INFO")},
}
