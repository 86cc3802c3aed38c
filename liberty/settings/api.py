"""Django REST framework, tokens, OpenAPI."""

from datetime import timedelta
from typing import Any

from liberty.settings.env import env
from liberty.version import PRODUCT_VERSION

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.accounts.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["liberty.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["liberty.api.parsers.ExactJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "liberty.api.negotiation.SingleFormatNegotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "liberty.api.exception_handler.handle",
    "UNAUTHENTICATED_USER": None,
    # Proxies in front of the server; without any, `X-Forwarded-For` is not believed.
    "NUM_PROXIES": env.int("LIBERTY_PROXIES", default=0),
}

SIMPLE_JWT: dict[str, Any] = {
    "ALGORITHM": "HS256",
    # How long a token is good, in minutes.
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("LIBERTY_TOKEN_LIFETIME_MIN", default=240)),
    # Clocks of several nodes may differ by this much, in seconds.
    "LEEWAY": env.int("LIBERTY_TOKEN_LEEWAY_S", default=5),
    "USER_ID_CLAIM": "sub",
    "USER_ID_FIELD": "usr_id",
    "AUTH_HEADER_TYPES": ("Bearer",),
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Liberty API",
    "DESCRIPTION": "Stored queries over named databases, as a governed REST API.",
    "VERSION": PRODUCT_VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "liberty.api.schema.describe_bodies_of_deletes",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
