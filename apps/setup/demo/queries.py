"""The demo's stored queries; `docs/demo.md` has the table of them.

Their numbers are 9001 to 9099, which the demo keeps to itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

POOL = "demo"
NUMBERS = range(9001, 9100)


@dataclass(frozen=True, slots=True)
class DemoSql:
    """The SQL of one verb; `order_by` is a list of result columns."""

    sql: str
    order_by: str = ""
    dbtype: str = "generic"


@dataclass(frozen=True, slots=True)
class DemoQuery:
    """One stored query. With `public`, users who are not administrators may read it."""

    number: int
    label: str
    kind: str
    statements: Mapping[str, DemoSql]
    public: bool = True


CUSTOMER_COLUMNS = (
    "cus_id, cus_name, cus_email, cus_city, cus_country, cus_language, cus_since, cus_credit, cus_active, "
    "cus_note, cus_changed_at"
)

QUERIES = (
    DemoQuery(
        9001,
        "Customers",
        "CRUD",
        {
            "GET": DemoSql(f"SELECT {CUSTOMER_COLUMNS}\nFROM customers", "cus_id"),
            "POST": DemoSql(
                """INSERT INTO customers (
    cus_name, cus_email, cus_city, cus_country, cus_language, cus_since, cus_credit, cus_active, cus_note,
    cus_changed_at
)
VALUES (
    :CUS_NAME, :CUS_EMAIL, :CUS_CITY, :CUS_COUNTRY, :CUS_LANGUAGE, :CUS_SINCE, :CUS_CREDIT, :CUS_ACTIVE,
    :CUS_NOTE, CURRENT_TIMESTAMP
)
RETURNING cus_id"""
            ),
            "PUT": DemoSql(
                """UPDATE customers
SET cus_name = :CUS_NAME,
    cus_email = :CUS_EMAIL,
    cus_city = :CUS_CITY,
    cus_country = :CUS_COUNTRY,
    cus_language = :CUS_LANGUAGE,
    cus_since = :CUS_SINCE,
    cus_credit = :CUS_CREDIT,
    cus_active = :CUS_ACTIVE,
    cus_note = :CUS_NOTE,
    cus_changed_at = CURRENT_TIMESTAMP
WHERE cus_id = :CUS_ID"""
            ),
            "DELETE": DemoSql("DELETE FROM customers\nWHERE cus_id = :CUS_ID"),
        },
    ),
    DemoQuery(
        9002,
        "One customer",
        "LOOKUP",
        {"GET": DemoSql(f"SELECT {CUSTOMER_COLUMNS}\nFROM customers\nWHERE cus_id = :CUS_ID")},
    ),
    DemoQuery(
        9003,
        "Products",
        "LOOKUP",
        {
            "GET": DemoSql(
                """SELECT prd_id, prd_code,
       CASE :LNG_ID WHEN 'fr' THEN prd_name_fr ELSE prd_name END AS prd_name, -- in the language of the labels
       prd_category, prd_price, prd_weight, prd_stock, prd_discontinued, prd_released, prd_description
FROM products""",
                "prd_code",
            )
        },
    ),
    DemoQuery(
        9004,
        "Orders",
        "CRUD",
        {
            "GET": DemoSql(
                """SELECT o.ord_id, o.cus_id, c.cus_name, o.ord_date, o.ord_placed_at, o.ord_shipped,
       o.ord_status, o.ord_total, o.ord_note
FROM orders o
JOIN customers c ON c.cus_id = o.cus_id""",
                "ord_id",
            ),
            "POST": DemoSql(
                """INSERT INTO orders (
    cus_id, ord_date, ord_placed_at, ord_shipped, ord_status, ord_total, ord_note
)
VALUES (:CUS_ID, :ORD_DATE, CURRENT_TIMESTAMP, :ORD_SHIPPED, :ORD_STATUS, :ORD_TOTAL, :ORD_NOTE)
RETURNING ord_id"""
            ),
            "PUT": DemoSql(
                """UPDATE orders
SET cus_id = :CUS_ID,
    ord_date = :ORD_DATE,
    ord_shipped = :ORD_SHIPPED,
    ord_status = :ORD_STATUS,
    ord_total = :ORD_TOTAL,
    ord_note = :ORD_NOTE
WHERE ord_id = :ORD_ID"""
            ),
            "DELETE": DemoSql("DELETE FROM orders\nWHERE ord_id = :ORD_ID"),
        },
    ),
    DemoQuery(
        9005,
        "Lines of an order",
        "LOOKUP",
        {
            "GET": DemoSql(
                """SELECT l.ord_id, l.lin_id, l.prd_id, p.prd_code,
       CASE :LNG_ID WHEN 'fr' THEN p.prd_name_fr ELSE p.prd_name END AS prd_name,
       l.lin_quantity, l.lin_price, l.lin_discount,
       round(l.lin_quantity * l.lin_price * (100 - coalesce(l.lin_discount, 0)) / 100.0, 2) AS lin_total
FROM order_lines l
JOIN products p ON p.prd_id = l.prd_id
WHERE l.ord_id = :ORDER_ID""",
                "lin_id",
            )
        },
    ),
    DemoQuery(
        9006,
        "Sales per month",
        "LOOKUP",
        {
            "GET": DemoSql(
                """SELECT strftime('%Y-%m', ord_date) AS sal_month,
       count(*) AS sal_orders,
       count(DISTINCT cus_id) AS sal_customers,
       round(sum(ord_total), 2) AS sal_total
FROM orders
WHERE ord_status <> 'CANCELLED'
GROUP BY strftime('%Y-%m', ord_date)""",
                "sal_month",
                dbtype="sqlite",
            )
        },
    ),
    DemoQuery(
        9007,
        "Many customers at once",
        "CRUD",
        {
            "POST": DemoSql(
                """INSERT INTO customers (cus_name, cus_city, cus_country, cus_language, cus_since)
VALUES :ROWS"""
            )
        },
        public=False,
    ),
    DemoQuery(
        9008,
        "Turnover of customers between two days",
        "LOOKUP",
        {
            "GET": DemoSql(
                """SELECT c.cus_id, c.cus_name, c.cus_country,
       count(*) AS sal_orders,
       round(sum(o.ord_total), 2) AS sal_total
FROM customers c
JOIN orders o ON o.cus_id = c.cus_id
WHERE o.ord_date BETWEEN :DATE_FROM AND :DATE_TO
  AND o.ord_status <> 'CANCELLED'
GROUP BY c.cus_id, c.cus_name, c.cus_country""",
                "sal_total DESC, cus_id",
            )
        },
    ),
    DemoQuery(
        9009,
        "Credit limits, for administrators",
        "LOOKUP",
        {
            "GET": DemoSql(
                "SELECT cus_id, cus_name, cus_credit\nFROM customers\nWHERE cus_credit IS NOT NULL",
                "cus_credit DESC, cus_id",
            )
        },
        public=False,
    ),
)
