"""What the fixtures promise to the other tests."""

import pytest

from tests.external import ExternalPool


def test_sample_schema_reads_the_same_on_every_product(sample_pool: ExternalPool) -> None:
    rows = sample_pool.execute("SELECT cus_name, cus_city FROM customers ORDER BY cus_id")
    assert rows == [
        ("Brasserie Dupont", "Lyon"),
        ("Müller & Söhne", "Köln"),
        ("O'Brien Ltd", None),
        ("50% Off_Shop", "Lyon"),
    ]


@pytest.mark.parametrize("turn", [1, 2])
def test_pool_is_empty_at_the_start_of_each_test(any_pool: ExternalPool, turn: int) -> None:
    any_pool.execute("CREATE TABLE left_behind (id integer)")
