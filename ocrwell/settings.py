"""All settings. What differs between installations comes from OCRWELL_… variables."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from ocrwell import env

BASE_DIR = Path(__file__).resolve().parent.parent
CORES = len(os.sched_getaffinity(0))
DATA_DIR = env.path("OCRWELL_DATA_DIR", BASE_DIR / "var")
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

VERSION = "0.1.0"

# Web
HOST = env.text("OCRWELL_HOST", "127.0.0.1")
PORT = env.integer("OCRWELL_PORT", 8000, minimum=1)
WEB_THREADS = env.integer("OCRWELL_WEB_THREADS", 16, minimum=1)

# Requests: a client that is slow or silent must not hold a thread for long.
HEAD_TIME = timedelta(seconds=env.integer("OCRWELL_READ_SECONDS", 10, minimum=1))
BODY_TIME = 2 * HEAD_TIME
UPLOAD_TIME = 30 * HEAD_TIME
DRAIN_TIME = timedelta(seconds=2)
WRITE_TIME = timedelta(minutes=5)
SECRET_KEY = env.secret("OCRWELL_SECRET_KEY") or env.kept_secret(DATA_DIR / "secret_key")
DEBUG = False
ALLOWED_HOSTS = env.words("OCRWELL_ALLOWED_HOSTS", "*")
API_HOSTS = env.hosts("OCRWELL_API_HOSTS")
DASHBOARD_HOSTS = env.hosts("OCRWELL_DASHBOARD_HOSTS")
# Names that published clients of the DeepRead API call: it lies at the root there.
DEEPREAD_HOSTS = env.hosts("OCRWELL_DEEPREAD_HOSTS")
REQUIRE_HTTPS = env.flag("OCRWELL_REQUIRE_HTTPS", True)
TRUSTED_PROXIES = env.networks("OCRWELL_TRUSTED_PROXIES", "127.0.0.0/8,::1")
ROOT_URLCONF = "ocrwell.urls"
WSGI_APPLICATION = "ocrwell.wsgi.application"
APPEND_SLASH = False
MIDDLEWARE = [
    "ocrwell.request_id.Middleware",
    "ocrwell.https.Middleware",
    "ocrwell.hosts.Middleware",
    "ocrwell.dashboard.headers.Middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ocrwell.hosts.Allowed",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ocrwell.dashboard.middleware.Sessions",
    "ocrwell.dashboard.middleware.Forms",
    "ocrwell.dashboard.middleware.People",
    "ocrwell.dashboard.middleware.Messages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "static/"
# Served straight from the packages: a clone needs no collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
INSTALLED_APPS = [
    "ocrwell.dashboard",  # its templates come before Django's
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "ocrwell",
    "ocrwell.accounts",
    "ocrwell.api",
    "ocrwell.jobs",
    "ocrwell.metrics",
    "ocrwell.webhooks",
]
AUTH_USER_MODEL = "accounts.Member"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "MinimumLengthValidator",  # 8 characters
        "CommonPasswordValidator",
        "UserAttributeSimilarityValidator",
    )
]
SESSION_COOKIE_AGE = 12 * 60 * 60
FORMAT_MODULE_PATH = "ocrwell.dashboard.formats"
CSRF_FAILURE_VIEW = "ocrwell.dashboard.pages.stale_form"
REST_FRAMEWORK = {
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "ocrwell.api.description.inspection.ViewSchema",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],
    # In the order of the routes: the order in which they are called.
    "SORT_OPERATIONS": False,
}
USE_TZ = True
TIME_ZONE = "UTC"

# Database: PostgreSQL where there is one, else a file. Nobody waits for PostgreSQL without end: for
# a connection 3 seconds, for a statement 15, for a machine that fell silent about 10; whoever stops
# in the middle of a transaction is thrown out after 30 and keeps nothing locked.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
POSTGRES_OPTIONS: dict[str, object] = {
    "application_name": "ocrwell",
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "options": "-c statement_timeout=15s -c idle_in_transaction_session_timeout=30s",
}
# One writer at a time is SQLite's nature, so every transaction queues for the write lock at its
# start instead of failing in its middle.
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "ocrwell.sqlite3",
    "CONN_MAX_AGE": 600,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        # What is deleted is overwritten, not merely left to be reused.
        "PRAGMA secure_delete=ON;",
    },
}
DATABASES = {"default": env.postgres("OCRWELL_DATABASE_URL", POSTGRES_OPTIONS) or SQLITE}

# Store: a bucket where there is one, else a folder
STORE_DIR = DATA_DIR / "store"
S3_ENDPOINT = env.text("OCRWELL_S3_ENDPOINT")
S3_PUBLIC_ENDPOINT = env.text("OCRWELL_S3_PUBLIC_ENDPOINT", S3_ENDPOINT)
S3_ACCESS_KEY = env.secret("OCRWELL_S3_ACCESS_KEY")
S3_SECRET_KEY = env.secret("OCRWELL_S3_SECRET_KEY")
S3_BUCKET = env.text("OCRWELL_S3_BUCKET", "ocrwell")
S3_REGION = env.text("OCRWELL_S3_REGION", "us-east-1")
S3_ENCRYPT = env.flag("OCRWELL_S3_ENCRYPT", False)

# Limits and times of the native API
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_BODY_BYTES = 256 * 1024
MAX_PAGES = 1000
MAX_IDEMPOTENCY_KEY = 64
IDEMPOTENCY_TTL = timedelta(hours=24)
UPLOAD_URL_TTL = timedelta(minutes=15)
UPLOAD_TTL = timedelta(hours=24)
RESULT_TTL = timedelta(seconds=env.integer("OCRWELL_RESULT_TTL_SECONDS", 300, minimum=1))
UNREAD_TTL = timedelta(seconds=env.integer("OCRWELL_UNREAD_TTL_SECONDS", 86400, minimum=1))

# Limits and times of the DeepRead API; most limits are those of a plan.
MOST_PAGES = 10_000
DEEPREAD_TTL = timedelta(hours=env.integer("OCRWELL_DEEPREAD_TTL_HOURS", 24, minimum=1))
MAX_RETENTION = timedelta(days=7)
DEVICE_LOGIN_TTL = timedelta(minutes=15)
DEVICE_POLL_EVERY = timedelta(seconds=5)
# Published clients know no `slow_down`: those who ask too early are only told to go on waiting.
DEVICE_SLOW_DOWN = env.flag("OCRWELL_DEVICE_SLOW_DOWN", False)

# Mail: warnings to admins, where there is a server that takes them.
MAIL_SERVER = env.mail_server("OCRWELL_EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER.tls, MAIL_SERVER.ssl
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.sender("OCRWELL_EMAIL_FROM", needed=bool(EMAIL_HOST))

# Webhooks
WEBHOOK_ALLOW = env.networks("OCRWELL_WEBHOOK_ALLOW")
WEBHOOK_RETRY_DELAYS = env.durations("OCRWELL_WEBHOOK_RETRY_DELAYS", "30,120,480")
WEBHOOK_TIMEOUT = timedelta(seconds=10)
WEBHOOK_SECRET_GRACE = timedelta(hours=24)
WEBHOOK_LOG_TTL = timedelta(days=30)
# Deliveries wait for strangers' servers: some threads of the io worker are kept from them.
IO_THREADS = 8
DELIVERY_THREADS = IO_THREADS - 2

# Jobs: a worker that is silent for a lease is taken for dead.
LEASE = timedelta(seconds=env.integer("OCRWELL_LEASE_SECONDS", 20, minimum=2))
HEARTBEAT = LEASE / 4
SWEEP_EVERY = timedelta(seconds=5)
WARN_EVERY = timedelta(minutes=5)
MAX_ATTEMPTS = 3
# What a worker does at a stretch: so many pages, for no longer than this.
BATCH_PAGES = env.integer("OCRWELL_BATCH_PAGES", 10, minimum=1)
BATCH_TIME_LIMIT = timedelta(minutes=env.integer("OCRWELL_BATCH_MINUTES", 15, minimum=1))
# When a server is away, work that is done is kept for so long, and other work is put back.
OUTAGE_PATIENCE = timedelta(seconds=60)
OUTAGE_PAUSE = timedelta(seconds=5)
# Beyond so many jobs that wait, new ones are refused for a while.
MAX_BACKLOG = env.integer("OCRWELL_MAX_BACKLOG", 10_000, minimum=1)

# OCR: processes of one reader each, which share the cores, or a GPU.
MODEL_DIR = env.folder("OCRWELL_MODEL_DIR")
DEVICE = env.device("OCRWELL_DEVICE")
OCR_PROCESSES = env.integer("OCRWELL_OCR_PROCESSES", max(1, CORES // 2), minimum=1)
OCR_THREADS = env.integer("OCRWELL_OCR_THREADS", max(1, CORES // OCR_PROCESSES), minimum=1)

# Fields: label tables of the operator's own, beside the packaged ones.
LABEL_DIR = env.folder("OCRWELL_LABEL_DIR")

# Queue: Redis where there is one, else files in the data folder. A message names no job, so
# nothing depends on its delivery; late acknowledgement would only bring old hints back.
REDIS_URL = env.secret("OCRWELL_REDIS_URL")
BROKER_DIR = DATA_DIR / "broker"
if not REDIS_URL:
    (BROKER_DIR / "messages").mkdir(parents=True, exist_ok=True)
CELERY_BROKER_URL = REDIS_URL or "files://localhost//"
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
    "warn": {
        "task": "workers.tasks.warn",
        "schedule": WARN_EVERY,
        "options": {"queue": "io", "expires": WARN_EVERY.total_seconds()},
    },
    "expire": {
        "task": "workers.tasks.expire",
        "schedule": timedelta(minutes=10),
        "options": {"queue": "io"},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "ocrwell.logs.Context"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"},
        "json": {"()": "ocrwell.logs.Json"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("OCRWELL_LOG_FORMAT", "line", "json"),
            "filters": ["context"],
        }
    },
    # Errors are logged where they are handled, with their request's id.
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
        "urllib3": {"level": "ERROR"},
        # Celery's pool keeps its lines from the root logger.
        "multiprocessing": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
    "root": {"handlers": ["console"], "level": env.text("OCRWELL_LOG_LEVEL", "INFO")},
}
