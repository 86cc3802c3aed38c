"""How often an address may call what is open to everybody."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from liberty.networks import network_of


class AddressThrottle(SimpleRateThrottle):
    """Counts the calls of an address in this process; a subclass names the setting with the rate."""

    rate_setting: str

    def get_rate(self) -> str:
        # Read at each call, so that a test may change it.
        rate: str = getattr(settings, self.rate_setting)
        return rate

    def get_cache_key(self, request: Request, view: Any) -> str:
        return f"{self.rate_setting}:{network_of(self.get_ident(request))}"


def address_of(request: Request | HttpRequest) -> str:
    """Return the address of the caller; X-Forwarded-For is believed as LIBERTY_PROXIES says."""
    # It reads nothing but `META`, which both kinds of request have.
    return BaseThrottle().get_ident(request) or ""  # type: ignore[arg-type]
