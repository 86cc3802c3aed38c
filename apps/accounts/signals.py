"""A changed user is a changed catalogue: his tokens are looked at anew by the next request."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from apps.accounts.caller import DEFAULT_CATALOGUE
from apps.accounts.models import User
from apps.pools.catalogue import touch


@receiver([post_save, post_delete], sender=User, dispatch_uid="touch the catalogue of a user")
def touch_catalogue(using: str, **kwargs: Any) -> None:
    touch(using)
    if using != DEFAULT_CATALOGUE:
        # `touch` knows of the transaction on the framework database only: once more when this one commits.
        transaction.on_commit(partial(touch, using), using=using)
