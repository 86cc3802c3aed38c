"""Records that a client has reserved, so that two people do not change one at a time.

Connections and their records are in the framework database, so that all processes see the same. A process
renews its connections (`keep`); those of one that has died count no more after LIBERTY_SOCKET_EXPIRY_S.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.caller import Caller
from apps.framework.models import Reservation, SocketConnection

# Most records of one connection, and the longest name of one: a client reserves what is open on its screen.
MAX_RECORDS = 100
_LONGEST_RECORD: int = Reservation._meta.get_field("record").max_length or 0


def connect(sid: str, caller: Caller, *, node: str, application: int | None) -> None:
    """Record that `caller` has opened the connection `sid` to the process `node`."""
    _expired().delete()
    SocketConnection.objects.create(
        sid=sid, node=node, catalogue=caller.catalogue, user=caller.user_id, application=application
    )


def disconnect(sid: str) -> None:
    """Forget a connection; its records are free."""
    SocketConnection.objects.filter(sid=sid).delete()


def disconnect_all(node: str) -> None:
    """Forget the connections of a process that ends."""
    SocketConnection.objects.filter(node=node).delete()


def keep(sids: Collection[str]) -> set[str]:
    """Renew connections of this process; return those that have expired, and so have lost their records."""
    SocketConnection.objects.filter(sid__in=sids).update(seen=timezone.now())
    known = SocketConnection.objects.filter(sid__in=sids).values_list("sid", flat=True)
    return set(sids) - set(known)


def reserve(sid: str, record: str) -> bool:
    """Reserve a record for a connection; false where another one of the same catalogue has it."""
    if not _is_record(record):
        return False
    connection = SocketConnection.objects.filter(sid=sid).first()
    if connection is None:
        return False
    try:
        with transaction.atomic():
            return _reserve(connection, record)
    except IntegrityError:
        # The connection has expired just now.
        return False


def _reserve(connection: SocketConnection, record: str) -> bool:
    same = Reservation.objects.filter(catalogue=connection.catalogue, record=record)
    same.filter(connection__in=_expired()).delete()
    if connection.reservations.count() >= MAX_RECORDS and not same.filter(connection=connection).exists():
        return False
    found, _ = Reservation.objects.get_or_create(
        catalogue=connection.catalogue, record=record, defaults={"connection": connection}
    )
    return bool(found.connection_id == connection.sid)


def release(sid: str, record: str) -> None:
    """Free a record, if this connection has it."""
    if _is_record(record):
        Reservation.objects.filter(connection=sid, record=record).delete()


def release_all(sid: str) -> None:
    """Free every record of a connection that stays open: its user has left the application."""
    Reservation.objects.filter(connection=sid).delete()
    SocketConnection.objects.filter(sid=sid).update(application=None)


def open_connections() -> QuerySet[SocketConnection]:
    """Return the connections that count, with their records, the oldest first."""
    return (
        SocketConnection.objects.filter(seen__gte=_deadline())
        .order_by("opened", "sid")
        .prefetch_related("reservations")
    )


def _expired() -> QuerySet[SocketConnection]:
    return SocketConnection.objects.filter(seen__lt=_deadline())


def _deadline() -> datetime:
    return timezone.now() - timedelta(seconds=settings.LIBERTY_SOCKET_EXPIRY_S)


def _is_record(record: str) -> bool:
    is_text = "\x00" not in record and not any("\ud800" <= character <= "\udfff" for character in record)
    return is_text and 0 < len(record) <= _LONGEST_RECORD
