"""Generates the demo's business database: customers, products, orders and their lines.

The same on every run and machine: words come from `words`, choices from a generator with a fixed seed.
"""

import random
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from apps.setup.demo.words import (
    ARTICLES,
    COMPANY_ENDS,
    COMPANY_MIDDLES,
    COMPANY_STARTS,
    COUNTRIES,
    CUSTOMER_NOTES,
    DESCRIPTIONS,
    MATERIALS,
    ORDER_NOTES,
    Country,
)

SEED = 20_250_101
CUSTOMERS = 500
ORDERS = 3000
FIRST_DAY = date(2023, 1, 2)
LAST_DAY = date(2025, 12, 30)

STATUSES = ("OPEN", "PAID", "SHIPPED", "CANCELLED")

SCHEMA = """
CREATE TABLE customers (
    cus_id integer NOT NULL PRIMARY KEY,
    cus_name varchar(60) NOT NULL,
    cus_email varchar(100),
    cus_city varchar(40),
    cus_country varchar(2) NOT NULL,
    cus_language varchar(2) NOT NULL,
    cus_since date NOT NULL,
    cus_credit decimal(14, 2),
    cus_active varchar(1) NOT NULL DEFAULT 'Y',
    cus_note text,
    cus_changed_at timestamp
);
CREATE TABLE products (
    prd_id integer NOT NULL PRIMARY KEY,
    prd_code varchar(20) NOT NULL UNIQUE,
    prd_name varchar(80) NOT NULL,
    prd_name_fr varchar(80) NOT NULL,
    prd_category varchar(20) NOT NULL,
    prd_price decimal(12, 2) NOT NULL,
    prd_weight decimal(9, 3),
    prd_stock integer NOT NULL,
    prd_discontinued boolean NOT NULL,
    prd_released date,
    prd_description text
);
CREATE TABLE orders (
    ord_id integer NOT NULL PRIMARY KEY,
    cus_id integer NOT NULL REFERENCES customers (cus_id),
    ord_date date NOT NULL,
    ord_placed_at timestamp NOT NULL,
    ord_shipped date,
    ord_status varchar(10) NOT NULL,
    ord_total decimal(14, 2) NOT NULL,
    ord_note varchar(200)
);
CREATE INDEX orders_customer ON orders (cus_id);
CREATE TABLE order_lines (
    ord_id integer NOT NULL REFERENCES orders (ord_id) ON DELETE CASCADE,
    lin_id integer NOT NULL,
    prd_id integer NOT NULL REFERENCES products (prd_id),
    lin_quantity integer NOT NULL,
    lin_price decimal(12, 2) NOT NULL,
    lin_discount decimal(5, 2),
    PRIMARY KEY (ord_id, lin_id)
);
"""

Row = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order; money is in cents, the discount in percent."""

    product: int
    quantity: int
    cents: int
    discount: int | None

    @property
    def total(self) -> int:
        return (self.quantity * self.cents * (100 - (self.discount or 0)) + 50) // 100


def write_business(file: Path) -> None:
    """Write the database to `file`, which must not be there yet; it appears whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished)) as connection:
        connection.executescript(SCHEMA)
        with connection:
            _fill(connection)
    unfinished.rename(file)


def _fill(connection: sqlite3.Connection) -> None:
    # No secrets are made here: what matters is that everybody gets the same rows.
    chance = random.Random(SEED)  # noqa: S311
    prices: list[int] = []
    _insert(connection, "customers", list(_customers(chance)))
    _insert(connection, "products", list(_products(chance, prices)))
    orders, lines = zip(*_orders(chance, prices), strict=True)
    _insert(connection, "orders", orders)
    _insert(connection, "order_lines", [row for rows in lines for row in rows])


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 (our own table names)


def _customers(chance: random.Random) -> Iterator[Row]:
    names: set[str] = set()
    for number in range(1, CUSTOMERS + 1):
        country = chance.choice(COUNTRIES)
        name = _new_name(chance, country, names)
        since = _day(chance, date(2015, 1, 1), FIRST_DAY)
        yield (
            number,
            name,
            _sometimes(chance, 92, f"contact@{_address(name)}.example"),
            _sometimes(chance, 95, chance.choice(country.cities)),
            country.code,
            country.language,
            since.isoformat(),
            _sometimes(chance, 85, _money(chance.randrange(50_000, 5_000_000, 2_550))),
            "Y" if chance.random() < 0.93 else "N",
            _sometimes(chance, 20, chance.choice(CUSTOMER_NOTES)),
            _sometimes(chance, 70, _moment(chance, _day(chance, since, LAST_DAY))),
        )


def _new_name(chance: random.Random, country: Country, taken: set[str]) -> str:
    while True:
        stem = chance.choice(COMPANY_STARTS) + chance.choice(COMPANY_MIDDLES) + chance.choice(COMPANY_ENDS)
        if stem not in taken:
            taken.add(stem)
            return f"{stem} {chance.choice(country.legal_forms)}"


def _address(name: str) -> str:
    """Return the first word of a name in plain letters: `delbreron` for `Délbréron SA`."""
    letters = unicodedata.normalize("NFKD", name.split()[0]).encode("ascii", "ignore")
    return letters.decode().lower()


def _products(chance: random.Random, prices: list[int]) -> Iterator[Row]:
    pairs = ((article, material) for article in ARTICLES for material in MATERIALS)
    for number, (article, (english, french, percent)) in enumerate(pairs, start=1):
        prices.append(article.cents * percent // 100)
        yield (
            number,
            f"{article.category[:3]}-{number:04d}",
            f"{english} {article.english}",
            f"{article.french} {french}",
            article.category,
            _money(prices[-1]),
            _sometimes(chance, 90, f"{article.grams * percent / 100_000:.3f}"),
            chance.randrange(0, 400),
            chance.random() < 0.08,
            _sometimes(chance, 80, _day(chance, date(2018, 1, 1), FIRST_DAY).isoformat()),
            _sometimes(chance, 40, chance.choice(DESCRIPTIONS)),
        )


def _orders(chance: random.Random, prices: list[int]) -> Iterator[tuple[Row, list[Row]]]:
    """Yield orders by date, each with its lines."""
    days = sorted(_day(chance, FIRST_DAY, LAST_DAY) for _ in range(ORDERS))
    for number, day in enumerate(days, start=1):
        lines = [_line(chance, prices) for _ in range(chance.choice((1, 1, 2, 2, 3, 3, 4, 5)))]
        status = chance.choices(STATUSES, weights=(10, 15, 70, 5))[0]
        shipped = (day + timedelta(days=chance.randrange(1, 15))).isoformat() if status == "SHIPPED" else None
        row: Row = (
            number,
            chance.randrange(1, CUSTOMERS + 1),
            day.isoformat(),
            _moment(chance, day),
            shipped,
            status,
            _money(sum(line.total for line in lines)),
            _sometimes(chance, 15, chance.choice(ORDER_NOTES)),
        )
        yield row, list(_line_rows(number, lines))


def _line(chance: random.Random, prices: list[int]) -> Line:
    product = chance.randrange(len(prices))
    discount = chance.choice((None, None, None, None, 5, 10))
    return Line(product + 1, chance.randrange(1, 9), prices[product], discount)


def _line_rows(order: int, lines: list[Line]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        discount = None if line.discount is None else f"{line.discount}.00"
        yield (order, number, line.product, line.quantity, _money(line.cents), discount)


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _sometimes(chance: random.Random, percent: int, value: str) -> str | None:
    return value if chance.random() * 100 < percent else None


def _day(chance: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def _moment(chance: random.Random, day: date) -> str:
    clock = time(
        chance.randrange(7, 20), chance.randrange(60), chance.randrange(60), chance.randrange(1_000_000)
    )
    return datetime.combine(day, clock).isoformat(" ")
