"""How often an address may sign in at the identity provider: it costs a session, or the check of a token."""

from math import ceil

from django.http import HttpRequest

from liberty.api.throttling import AddressThrottle
from liberty.errors import TooManyAttempts
from liberty.text import counted


class OidcThrottle(AddressThrottle):
    rate_setting = "LIBERTY_OIDC_RATE"


def require_few(request: HttpRequest) -> None:
    """Raise TooManyAttempts for a page that was asked for too often; the API has REST framework for that."""
    throttle = OidcThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]  # it reads `META` alone
        seconds = ceil(throttle.wait() or 1)
        message = f"Too many sign-ins. Please try again in {counted(seconds, 'second')}."
        raise TooManyAttempts(message, retry_after_s=seconds)
