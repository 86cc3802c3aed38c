"""What the sign-in page says of the identity provider."""

from django import template

from apps.accounts.oidc.configuration import configuration

register = template.Library()


@register.simple_tag
def identity_provider() -> str:
    """Return the name of the configured identity provider; empty where there is none."""
    found = configuration()
    return found.shown_name if found is not None else ""
