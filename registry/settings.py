"""Settings, from the environment. Importing them starts nothing and writes nothing.

Without DATABASE_URL there is no database: commands that need one go through
`registry.embedded`, which starts the servers and names them in the environment.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def secret(name: str) -> str:
    """The value of NAME, or the text of the file that NAME_FILE names; "" without either."""
    path = env.str(f"{name}_FILE", default="")
    return Path(path).read_text().strip() if path else env.str(name, default="")


STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / ".data"))).absolute()
DEBUG = env.bool("DEBUG", default=False)

# The demonstration: made-up data, a business date that visitors can move, plain HTTP on loopback.
DEMO = env.bool("DEMO", default=False)
DEMO_PASSWORD = "demo-2020-registry"  # noqa: S105 - printed by `make run`, opens made-up data only
DEMO_HOUSEHOLDS = env.int("DEMO_HOUSEHOLDS", default=2000)
EXTRA_PROVINCES = env.list("EXTRA_PROVINCES", default=["97"])

OFFICE_NAME = env.str("OFFICE_NAME", default="")  # whose installation this is, in the header

SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = secret("SECRET_KEY_FALLBACKS").replace(",", " ").split()  # open, sign not
FIELD_KEYS = secret("FIELD_KEYS")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "axes",
    "drf_spectacular",
    "trail",
    "divisions",
    "officers",
    "workflow",
    "households",
    "teams",
    "assistance",
    "identification",
    "monitoring",
    "exits",
    "reviews",
    "exchange",
    "registry",
]

MIDDLEWARE = [
    "registry.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "registry.middleware.SecurityHeaders",
    "registry.api.middleware.ApiDoor",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so lengths tell nothing (BREACH)
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "registry.middleware.BodyLimit",
    "registry.middleware.PlainAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registry.middleware.SessionAge",
    "officers.middleware.ActingPosting",
    "django_htmx.middleware.HtmxMiddleware",
    "registry.middleware.PrivatePages",
    "registry.pages.registering.parking.ParkedForms",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "officers.middleware.PasswordAge",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "registry.middleware.Refusals",
    "registry.unposted.UnpostedForms",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "registry.urls"
WSGI_APPLICATION = "registry.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registry.pages.context.frame",
            ],
        },
    }
]

# --- Database and broker -------------------------------------------------------------------------

DATABASE_URL = secret("DATABASE_URL")
CONNECTION_CHECK_MS = 2000  # a statement whose process was killed ends then, with its locks
STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", default=0)  # web servers set it
DATABASES: dict[str, Any] = {"default": {"ENGINE": "django.db.backends.dummy"}}
if DATABASE_URL:
    DATABASES["default"] = env.db_url_config(DATABASE_URL) | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        connect_timeout=10,
        options=f"-c jit=off -c statement_timeout={STATEMENT_TIMEOUT_MS}"
        f" -c client_connection_check_interval={CONNECTION_CHECK_MS}"
        f" -c idle_in_transaction_session_timeout={2 * STATEMENT_TIMEOUT_MS}",
    )

REDIS_URL = secret("REDIS_URL") or f"unix://{STATE_DIR}/valkey.sock"

# --- Signing in ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "officers.Officer"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # usernames are unique without regard to case
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "officers:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "officers:sign_in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "officers.passwords.OfficeWordsValidator"},
    {"NAME": "officers.passwords.ProfileValidator"},
]
WHAT_WAITS = "registry.pages.queries.waiting.waits_for"  # told when a posting is handed over
PASSWORD_PROFILE = env.str("PASSWORD_PROFILE", default="asvs")  # or "mlps3"
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=24).total_seconds())

# The whole county office may share one address: lock the pair, never the address alone.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "registry.proxy.client_address"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "officers.views.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(minutes=30).total_seconds())  # idle; each request renews it
SESSION_SAVE_EVERY_REQUEST = True
SESSION_ABSOLUTE_AGE = timedelta(hours=12)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "registry.pages.registering.parking.form_too_old"

# --- Transport and headers -----------------------------------------------------------------------

PLAIN_HTTP = env.bool("PLAIN_HTTP", default=DEBUG or DEMO)
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^api/"]  # the REST door refuses instead
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else int(timedelta(days=365).total_seconds())
SECURE_HSTS_INCLUDE_SUBDOMAINS = not PLAIN_HTTP
SECURE_HSTS_PRELOAD = not PLAIN_HTTP
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not PLAIN_HTTP
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # on this device, whoever signs in
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
if not PLAIN_HTTP:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:  # only behind a proxy that overwrites this header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # form fields; files are counted apart
REQUEST_BODY_BYTES = 25 * 1024 * 1024  # a file of 20 MB with the form around it
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- The REST door (registry/api) ----------------------------------------------------------------

API_BODY_BYTES = 1024 * 1024
API_BATCH_BYTES = 8 * 1024 * 1024  # many households in one body, unpacked
FEED_KEEP_DAYS = env.int("FEED_KEEP_DAYS", default=180)  # cursors that are older are gone
API_ANSWER_DAYS = 30  # so long a request with its Idempotency-Key may be sent again
API_ELSEWHERE_A_DAY = 2_000  # persons outside of its posting of whom a client is told
API_RATES = {"read": 600, "write": 120}  # requests a minute, for each client
REST_FRAMEWORK: dict[str, Any] = {  # every default that matters, named: nothing is open by itself
    "DEFAULT_AUTHENTICATION_CLASSES": ["registry.api.authentication.BearerKey"],
    "DEFAULT_PERMISSION_CLASSES": ["registry.api.authentication.HoldsScope"],
    "DEFAULT_THROTTLE_CLASSES": ["registry.api.throttling.PerClient"],
    "DEFAULT_PARSER_CLASSES": ["registry.api.parsing.PlainJson"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "rest_framework.negotiation.DefaultContentNegotiation",
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_PAGINATION_CLASS": None,  # trail.api.page_of
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_VERSIONING_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "registry.api.schema.Described",
    "EXCEPTION_HANDLER": "registry.api.problems.answer_to",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
    "LIST_SERIALIZER_ERRORS_AS_DICT": True,
    "STRICT_JSON": True,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Poverty Registry",
    "VERSION": "1",
    "OAS_VERSION": "3.0.3",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVE_PUBLIC": True,
    "POSTPROCESSING_HOOKS": ["registry.api.schema.add_components"],
    "AUTHENTICATION_WHITELIST": ["registry.api.authentication.BearerKey"],
}

# --- Languages and time --------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.is_dir()]
MEDIA_ROOT = STATE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Logs ----------------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "registry.logs.JsonLines"},
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain" if DEBUG else "json"}
    },
    "root": {"handlers": ["stderr"], "level": "INFO" if DEBUG else "WARNING"},
    "loggers": {
        "registry": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # RequestLog has a line for each, by its route
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
LOGGING_CONFIG = "logging.config.dictConfig"
