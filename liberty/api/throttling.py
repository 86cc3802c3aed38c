"""How often an address may call what is open to everybody."""

from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

# Whoever has one IPv6 address has all of its network.
_IPV6_PREFIX = 64


class AddressThrottle(SimpleRateThrottle):
    """Counts the calls of an address in this process; a subclass names the setting with the rate."""

    rate_setting: str

    def get_rate(self) -> str:
        # Read at each call, so that a test may change it.
        rate: str = getattr(settings, self.rate_setting)
        return rate

    def get_cache_key(self, request: Request, view: Any) -> str:
        return f"{self.rate_setting}:{_network_of(self.get_ident(request))}"


def _network_of(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        # A Unix socket has none.
        return "unknown"
    if not isinstance(known, IPv6Address):
        return str(known)
    # A socket for both protocols shows a caller by IPv4 as ::ffff:192.0.2.1.
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return f"{int(known) >> (128 - _IPV6_PREFIX):x}::/{_IPV6_PREFIX}"
