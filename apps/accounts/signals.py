"""A changed user is a changed catalogue: his tokens are looked at anew by the next request."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from apps.accounts.models import User
from apps.pools.catalogue import touch


@receiver([post_save, post_delete], sender=User, dispatch_uid="touch the catalogue of a user")
def touch_catalogue(using: str, **kwargs: Any) -> None:
    touch(using)
