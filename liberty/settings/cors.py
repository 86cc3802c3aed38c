"""Pages of other origins that may call the API from a browser."""

from corsheaders.defaults import default_headers

from liberty.settings.env import env

# Exactly these, as `https://host` or `https://host:port`; there is no way to allow all.
CORS_ALLOWED_ORIGINS = env.list("LIBERTY_CORS_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api(/|$)"
# Some clients ask with credentials always. A token is the only one that the API takes from another site: the
# admin site's cookie is not sent from there.
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = (*default_headers, "x-request-id")
CORS_EXPOSE_HEADERS = ("X-Request-ID", "Retry-After", "WWW-Authenticate")
# How long a browser may remember what is allowed, in seconds.
CORS_PREFLIGHT_MAX_AGE = 3600
