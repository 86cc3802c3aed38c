"""Where callers are, by address, as far as it matters for counting them."""

from ipaddress import IPv6Address, ip_address

# What has no address: a caller through a Unix socket.
UNKNOWN = "unknown"

# Whoever has one IPv6 address has all of its network.
_IPV6_PREFIX = 64


def network_of(address: str) -> str:
    """Return what an address is counted by: itself, or the network of an IPv6 address."""
    try:
        known = ip_address(address)
    except ValueError:
        return UNKNOWN
    if not isinstance(known, IPv6Address):
        return str(known)
    # A socket for both protocols shows a caller by IPv4 as ::ffff:192.0.2.1.
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return f"{int(known) >> (128 - _IPV6_PREFIX):x}::/{_IPV6_PREFIX}"
