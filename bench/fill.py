"""Describe the bench's pool and its queries in an installation: `python -m bench.fill POSTGRES_URL`."""

import os
import sys
from urllib.parse import urlsplit

import django
import psycopg

POOL = "bench"

# Ten columns of mixed types; a page of `small` has six of them.
TABLE = """
CREATE TABLE bench AS
SELECT n AS id,
       'customer ' || n AS name,
       CASE WHEN n % 7 = 0 THEN NULL ELSE 'city ' || n % 100 END AS city,
       (n * 1.01)::numeric(14, 2) AS amount,
       n::bigint * 1000003 AS big,
       DATE '2020-01-01' + n % 2000 AS day,
       TIMESTAMP '2020-01-01 00:00:00.123456' + n * INTERVAL '1 minute' AS moment,
       n % 2 = 0 AS active,
       n / 3.0::float8 AS ratio,
       md5(n::text) AS code
FROM generate_series(1, 100000) n
"""

SMALL = 1
WIDE = 2
DEFINITIONS = {
    SMALL: "SELECT id, name, city, amount, day, active FROM bench",
    WIDE: "SELECT * FROM bench",
}


def main(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
        connection.execute("ALTER TABLE bench ADD PRIMARY KEY (id)")
        connection.execute("ANALYZE bench")
    _describe(url)


def _describe(url: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liberty.settings.base")
    django.setup()
    from apps.pools.catalogue import touch
    from apps.pools.models import Pool
    from apps.queries.models import Query, QuerySql
    from liberty.crypto import encrypt_stored

    parts = urlsplit(url)
    Pool.objects.create(
        apps_id=900,
        apps_name="BENCH",
        apps_pool=POOL,
        apps_pool_min=1,
        apps_pool_max=16,
        apps_dbtype="postgres",
        apps_host=parts.hostname,
        apps_port=parts.port,
        apps_user=parts.username,
        apps_password=encrypt_stored(parts.password or ""),
        apps_database=parts.path.lstrip("/"),
    )
    for number, sql in DEFINITIONS.items():
        query = Query.objects.create(
            query_id=900_000 + number, query_label=f"Bench {number}", query_type="GET"
        )
        QuerySql.objects.create(
            query=query,
            query_dbtype="generic",
            query_crud="GET",
            query_pool=POOL,
            query_sqlquery=sql,
            query_orderby="id",
        )
    touch("default")


if __name__ == "__main__":
    main(sys.argv[1])
