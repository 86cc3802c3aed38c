"""Settings of the project. Differences between places are environment values; see `.env.example`."""

from pathlib import Path
from typing import Any

from liberty.configuration import FILE_NAME
from liberty.settings.env import BASE_DIR, env, framework_database, secret

VAR_DIR = Path(env.str("LIBERTY_VAR_DIR", default=str(BASE_DIR / "var")))

DEBUG = env.bool("LIBERTY_DEBUG", default=False)
SECRET_KEY = secret("LIBERTY_SECRET_KEY", VAR_DIR / "secrets" / "secret_key")
# Former secret keys, as long as sessions and tokens made with them are to be good.
SECRET_KEY_FALLBACKS = env.list("LIBERTY_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("LIBERTY_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

# Whether callers reach the server by HTTPS, through a proxy that sets X-Forwarded-Proto itself.
LIBERTY_HTTPS = env.bool("LIBERTY_HTTPS", default=False)
if LIBERTY_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    # Who asks whether the server lives is beside it, without a proxy in between.
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

INSTALLED_APPS = [
    "liberty.apps.LibertyAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.pools",
    "apps.accounts",
    "apps.framework",
    "apps.queries",
    "apps.audit",
    "apps.setup",
]

MIDDLEWARE = [
    "liberty.api.request_id.RequestIdMiddleware",
    "apps.framework.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "apps.setup.guard.InstallationMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.new_password.NewPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "liberty.urls"
WSGI_APPLICATION = "liberty.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Key of stored secrets: 32 bytes in URL-safe base64. `python -m liberty.keys` makes one.
LIBERTY_ENCRYPTION_KEY = secret("LIBERTY_ENCRYPTION_KEY", VAR_DIR / "secrets" / "encryption_key")

# The framework database: users, pools, stored queries, dictionary. Pools join it at run time.
# Where set-up writes which database that is.
LIBERTY_CONFIGURATION_FILE = env.str("LIBERTY_CONFIGURATION_FILE", default=str(VAR_DIR / FILE_NAME))
_framework, LIBERTY_INSTALLED_BY = framework_database(
    configuration_file=Path(LIBERTY_CONFIGURATION_FILE),
    embedded_file=VAR_DIR / "liberty.sqlite3",
    keys=LIBERTY_ENCRYPTION_KEY,
)
DATABASES = {"default": _framework}
DATABASE_ROUTERS = ["apps.pools.router.PoolRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
# Where a sign-in leads whose `next` is on another site.
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = [
    "apps.accounts.backends.PasswordBackend",
    "apps.accounts.oidc.backend.OidcBackend",
]
# One hasher: a second one would take another time, and so tell which users there are.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# What a new password must be, wherever it is set. One that is there already is never measured.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "apps.accounts.validators.UsablePasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"

# Longest a statement may run on a pool, in seconds.
LIBERTY_STATEMENT_TIMEOUT_S = env.float("LIBERTY_STATEMENT_TIMEOUT_S", default=30.0)
# Longest a database may take to accept a connection, in seconds.
LIBERTY_CONNECT_TIMEOUT_S = env.int("LIBERTY_CONNECT_TIMEOUT_S", default=5)
# Longest a request waits for a free connection of its pool, in seconds.
LIBERTY_CHECKOUT_TIMEOUT_S = env.float("LIBERTY_CHECKOUT_TIMEOUT_S", default=5.0)
# Pools (aliases) behind a pooler that gives each transaction another session, as PgBouncer does in
# transaction mode: no prepared statements, no settings at connection, reads in explicit transactions.
LIBERTY_TRANSACTION_POOLERS = env.list("LIBERTY_TRANSACTION_POOLERS", default=[])
# Most rows that one page may have; a larger `limit` is lowered to it.
LIBERTY_MAX_LIMIT = env.int("LIBERTY_MAX_LIMIT", default=100_000)
# Largest request body, in bytes.
LIBERTY_MAX_BODY_BYTES = env.int("LIBERTY_MAX_BODY_BYTES", default=10 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = LIBERTY_MAX_BODY_BYTES
# An admin page with many rows below it, such as the rights of a role, sends a field for each cell.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100_000
# Largest repository that is imported, in bytes after it is unpacked; it takes some times as much memory.
LIBERTY_IMPORT_MAX_BYTES = env.int("LIBERTY_IMPORT_MAX_BYTES", default=256 * 1024 * 1024)
# Most calls of `encrypt` by an address without sign-in, of each worker: number/second, minute, hour or day.
LIBERTY_ENCRYPT_RATE = env.str("LIBERTY_ENCRYPT_RATE", default="60/minute")
# Longest text that is encrypted without sign-in, in bytes.
LIBERTY_ENCRYPT_MAX_BYTES = env.int("LIBERTY_ENCRYPT_MAX_BYTES", default=4096)
# Whether each request gets a line in the log.
LIBERTY_REQUEST_LOG = env.bool("LIBERTY_REQUEST_LOG", default=True)
# Sign-in is locked after this many wrong passwords for a user from one address, for a user from everywhere,
# and for all users from one address, within the window, in seconds; a lock lasts as long.
LIBERTY_SIGN_IN_ATTEMPTS = env.int("LIBERTY_SIGN_IN_ATTEMPTS", default=10)
LIBERTY_SIGN_IN_USER_ATTEMPTS = env.int("LIBERTY_SIGN_IN_USER_ATTEMPTS", default=100)
LIBERTY_SIGN_IN_ADDRESS_ATTEMPTS = env.int("LIBERTY_SIGN_IN_ADDRESS_ATTEMPTS", default=100)
LIBERTY_SIGN_IN_WINDOW_S = env.int("LIBERTY_SIGN_IN_WINDOW_S", default=300)
# Where the log files of this node are.
LIBERTY_LOG_DIR = env.str("LIBERTY_LOG_DIR", default=str(VAR_DIR / "logs"))
# Largest size of a log file, in bytes, and how many of each kind are kept, the one in use among them.
LIBERTY_LOG_FILE_BYTES = env.int("LIBERTY_LOG_FILE_BYTES", default=10 * 1024 * 1024)
LIBERTY_LOG_FILES = env.int("LIBERTY_LOG_FILES", default=5)
# How many entries of clients, and of the server, the framework database keeps.
LIBERTY_LOG_KEEP_ROWS = env.int("LIBERTY_LOG_KEEP_ROWS", default=50_000)
# Most events that an address may send to a worker: number/second, minute, hour or day.
LIBERTY_LOG_RATE = env.str("LIBERTY_LOG_RATE", default="300/minute")
# Largest event, in bytes.
LIBERTY_LOG_MAX_BYTES = env.int("LIBERTY_LOG_MAX_BYTES", default=8 * 1024)
# Whether clients may reserve records over a WebSocket (`liberty.asgi`).
LIBERTY_SOCKETS = env.bool("LIBERTY_SOCKETS", default=False)
# After how long the records of a process that has died are free again, in seconds.
LIBERTY_SOCKET_EXPIRY_S = env.float("LIBERTY_SOCKET_EXPIRY_S", default=60.0)
# How long a change made by another process may stay unseen, in seconds.
LIBERTY_CATALOGUE_POLL_S = env.float("LIBERTY_CATALOGUE_POLL_S", default=0.5)
# Language of labels where the caller asks for none that we have.
LIBERTY_DEFAULT_LANGUAGE = env.str("LIBERTY_DEFAULT_LANGUAGE", default="en")
# Other names of the framework database's server (`host` or `host:port`) that `/api/db/create` may be given.
LIBERTY_DATABASE_HOSTS = env.list("LIBERTY_DATABASE_HOSTS", default=[])
# Calls through `/api/rest`: hosts inside of networks that may be called, as `host` or `host:port`.
LIBERTY_REST_ALLOWED_HOSTS = env.list("LIBERTY_REST_ALLOWED_HOSTS", default=[])
# APIs that every signed-in user of their catalogue may call, as `catalogue/number`.
LIBERTY_REST_PUBLIC_APIS = env.list("LIBERTY_REST_PUBLIC_APIS", default=[])
# Longest such a call may take, in seconds, and its largest answer, in bytes.
LIBERTY_REST_TIMEOUT_S = env.float("LIBERTY_REST_TIMEOUT_S", default=30.0)
LIBERTY_REST_MAX_BYTES = env.int("LIBERTY_REST_MAX_BYTES", default=10 * 1024 * 1024)
# A file with the certificates of authorities to believe, in the place of the public ones.
LIBERTY_REST_CA_FILE = env.str("LIBERTY_REST_CA_FILE", default="")
# A folder with a front end, served at `/`; empty: none.
LIBERTY_FRONTEND_DIR = env.str("LIBERTY_FRONTEND_DIR", default="")
# What pages of the front end may load and run: Content-Security-Policy. Scripts are the folder's own files
# alone; styles may be made as it runs, and nothing frames it.
LIBERTY_FRONTEND_CSP = env.str(
    "LIBERTY_FRONTEND_CSP",
    default="default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self' blob:; frame-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
)
# Whether failures are answered as the original's web client reads them, which is with status 200.
LIBERTY_ORIGINAL_CLIENT = env.bool("LIBERTY_ORIGINAL_CLIENT", default=False)
# What proves that whoever calls set-up before the first installation is its operator; without it the server
# makes one at each start and shows it.
LIBERTY_SETUP_TOKEN = env.str("LIBERTY_SETUP_TOKEN", default="")
# Where the versions of the product are listed (see `apps.setup.releases`).
LIBERTY_RELEASES = "apps.setup.releases.RELEASES"
# Whether `load_demo` may load the demo where others reach it, or into another product than SQLite.
LIBERTY_DEMO = env.bool("LIBERTY_DEMO", default=False)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "liberty.api.request_id.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "liberty.masking.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        },
    },
    "loggers": {
        # Django gives `runserver` a handler of its own, past the filters.
        "django.server": {"handlers": [], "propagate": True},
        # It has a traceback for each message that is no Socket.IO, which anybody can send by thousands.
        "engineio.server": {"level": "CRITICAL"},
    },
    "root": {"handlers": ["console"], "level": env.str("LIBERTY_LOG_LEVEL", default="INFO")},
}

from liberty.settings.api import *  # noqa: E402, F403
from liberty.settings.cors import *  # noqa: E402, F403
from liberty.settings.cors import CORS_ALLOWED_ORIGINS  # noqa: E402
from liberty.settings.oidc import *  # noqa: E402, F403

if CORS_ALLOWED_ORIGINS:
    # Behind the log, before anything that answers; without origins no request pays for it.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.middleware.security.SecurityMiddleware"),
        "corsheaders.middleware.CorsMiddleware",
    )
