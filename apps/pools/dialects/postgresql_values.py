"""PostgreSQL values: text results to JSON-ready values, Python values to parameters."""

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import orjson
import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Dumper, Loader, PyFormat
from psycopg.postgres import types
from psycopg.types.bool import BoolLoader
from psycopg.types.numeric import (
    Int4,
    Int4Dumper,
    Int8,
    Int8Dumper,
    IntDumper,
    IntLoader,
    IntNumeric,
    IntNumericDumper,
)
from psycopg.types.string import StrDumperUnknown, TextLoader

from apps.pools.dialects import values
from apps.pools.statement import Kind

_KINDS: dict[str, Kind] = {
    "int2": Kind.INTEGER,
    "int4": Kind.INTEGER,
    "int8": Kind.BIGINT,
    "oid": Kind.BIGINT,
    "numeric": Kind.DECIMAL,
    "float4": Kind.FLOAT,
    "float8": Kind.FLOAT,
    "bool": Kind.BOOLEAN,
    "text": Kind.TEXT,
    "varchar": Kind.TEXT,
    "bpchar": Kind.TEXT,
    "name": Kind.TEXT,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "timetz": Kind.TIME,
    "timestamp": Kind.DATETIME,
    "timestamptz": Kind.DATETIME,
    "interval": Kind.INTERVAL,
    "bytea": Kind.BYTES,
    "json": Kind.JSON,
    "jsonb": Kind.JSON,
    "uuid": Kind.UUID,
}
_KIND_OF_OID: dict[int, Kind] = {types[name].oid: kind for name, kind in _KINDS.items()}
_NINE = ord("9")
_ARRAY_OIDS = frozenset(info.array_oid for info in types if info.array_oid)


def kind_of(oid: int) -> Kind:
    """Return what a column of the type `oid` holds; `OTHER` for types that PostgreSQL does not ship."""
    if kind := _KIND_OF_OID.get(oid):
        return kind
    return Kind.ARRAY if oid in _ARRAY_OIDS else Kind.OTHER


class TypedText(str):
    """Text sent with its type, for a place that gives it none (`$1 IS NULL`)."""


class TypedNull:
    """NULL sent as `text`, for the same places."""


class _TypedTextDumper(StrDumperUnknown):
    oid = types["text"].oid


class _TypedNullDumper(Dumper):
    oid = types["text"].oid

    def dump(self, obj: Any) -> Buffer | None:
        return None


class _IntegerDumper(IntDumper):
    """Like literals in SQL, small numbers are `integer`: psycopg's `smallint` overflows in `200 * 200`."""

    _dumpers: tuple[Dumper, ...] = (Int4Dumper(Int4), Int8Dumper(Int8), IntNumericDumper(IntNumeric))

    def upgrade(self, obj: int, format: PyFormat) -> Dumper:
        if -(2**31) <= obj < 2**31:
            return self._dumpers[0]
        return self._dumpers[1 if -(2**63) <= obj < 2**63 else 2]


class _JsonDumper(Dumper):
    """JSON without a type, so that the column decides between `json`, `jsonb` and text."""

    def dump(self, obj: Any) -> Buffer | None:
        return values.json_text(obj).encode()


class _NumericLoader(Loader):
    def load(self, data: Buffer) -> orjson.Fragment | str:
        digits = bytes(data)
        # The names of NaN and the infinities end in letters.
        return orjson.Fragment(digits) if digits[-1] <= _NINE else digits.decode()


class _FloatLoader(Loader):
    def load(self, data: Buffer) -> float | str:
        return values.floating(float(data))


class _FragmentLoader(Loader):
    def load(self, data: Buffer) -> orjson.Fragment:
        return orjson.Fragment(bytes(data))


class _ByteaLoader(Loader):
    def load(self, data: Buffer) -> str:
        # `bytea_output` is `hex` in our sessions: a backslash, an x, two digits a byte.
        return base64.b64encode(bytes.fromhex(bytes(data)[2:].decode())).decode()


def _text_loader(convert: Callable[[str], str]) -> type[Loader]:
    class _ConvertingLoader(Loader):
        def load(self, data: Buffer) -> str:
            return convert(str(data, "ascii"))

    return _ConvertingLoader


def _json_ready_adapters() -> AdaptersMap:
    """Return adapters that load every type as a JSON-ready value, those nobody registered as their text.

    Array loaders stay psycopg's: they find the loaders of their elements here.
    """
    adapters = AdaptersMap(psycopg.adapters)
    for info in types:
        adapters.register_loader(info.oid, TextLoader)
    for oid in (0, types["record"].array_oid):
        adapters.register_loader(oid, TextLoader)
    loaders: dict[str, type[Loader]] = {
        **dict.fromkeys(("int2", "int4", "int8", "oid"), IntLoader),
        **dict.fromkeys(("float4", "float8"), _FloatLoader),
        **dict.fromkeys(("json", "jsonb"), _FragmentLoader),
        "numeric": _NumericLoader,
        "bool": BoolLoader,
        "bytea": _ByteaLoader,
        "time": _text_loader(values.clock_time),
        "timetz": _text_loader(values.offset_time),
        "timestamp": _text_loader(values.local_datetime),
        "timestamptz": _text_loader(values.utc_datetime),
    }
    for name, loader in loaders.items():
        adapters.register_loader(types[name].oid, loader)
    adapters.register_dumper(int, _IntegerDumper)
    adapters.register_dumper(TypedText, _TypedTextDumper)
    adapters.register_dumper(TypedNull, _TypedNullDumper)
    for structure in (dict, list):
        adapters.register_dumper(structure, _JsonDumper)
    return adapters


ADAPTERS = _json_ready_adapters()


def array_literal(items: list[Any]) -> str:
    """Return a list as PostgreSQL writes arrays; a list inside is one more dimension."""
    return "{" + ",".join(_array_item(item) for item in items) + "}"


def _array_item(item: Any) -> str:
    if item is None:
        return "NULL"
    if isinstance(item, list):
        return array_literal(item)
    text = values.json_text(item) if isinstance(item, dict | bool | float) else str(item)
    if isinstance(item, int | float | Decimal):
        return text.strip('"')
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'
