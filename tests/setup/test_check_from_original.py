"""`manage.py migrate_from_original --check`: both installations, compared."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management.base import CommandError
from pytest_django import Settings

from apps.framework.models import Enumeration
from apps.queries.spec import Source
from apps.setup.original.answers import Answer
from apps.setup.original.comparing import Comparison, Verdict, compare_answers
from apps.setup.original.stored_queries import Call, TheirQuery
from tests.databases import Database, Server, postgres_database
from tests.setup.originals import MASTER_KEY, Catalogue, Files, encrypted, url_of
from tests.setup.test_migrate_from_original import run

pytestmark = pytest.mark.usefixtures("models_on_pools")


@pytest.fixture(scope="module")
def databases(postgres_server: Server, worker: str) -> Iterator[list[Database]]:
    with ExitStack() as stack:
        yield [stack.enter_context(postgres_database(postgres_server, worker)) for _ in range(2)]


@pytest.fixture
def original(databases: list[Database]) -> Catalogue:
    """The default database of the original with an enumeration and queries on it."""
    catalogue = Catalogue.made_in(databases[0])
    catalogue.insert(
        "ly_users", usr_id="admin", usr_password=encrypted("of admin"), usr_status="Y", usr_admin="Y"
    )
    for number in (1, 2):
        catalogue.insert(
            "ly_enum", enum_id=number, enum_label=f"é{number}", enum_audit_date="2024-02-29 10:11:12.5"
        )
    catalogue.add_query(1, "SELECT ENUM_ID, ENUM_LABEL, ENUM_AUDIT_DATE FROM LY_ENUM")
    catalogue.add_query(2, "SELECT ENUM_LABEL FROM LY_ENUM WHERE ENUM_ID = :ENUM_ID AND :LNG_ID = 'en'")
    catalogue.add_query(3, "SELECT USR_ID, USR_PASSWORD FROM LY_USERS")
    catalogue.add_query(4, "SELECT enum_colour FROM LY_ENUM")
    return catalogue


@pytest.fixture
def files(tmp_path: Any, databases: list[Database], settings: Settings) -> Files:
    settings.VAR_DIR = tmp_path / "var"
    files = Files(tmp_path)
    files.write("url", url_of(databases[0]))
    files.write("key", MASTER_KEY)
    return files


def compared(files: Files) -> dict[str, tuple[str, str]]:
    """Return verdict and reason of everything that is not equal."""
    return {
        item["place"]: (item["verdict"], item["reason"])
        for item in files.report()["comparisons"]
        if item["verdict"] != "equal"
    }


REFUSED = (
    "neither answers",
    'the original says: column "enum_colour" does not exist; we say: the database refused the statement: it'
    " names a column that does not exist",
)


def test_a_moved_installation_is_equal(original: Catalogue, files: Files) -> None:
    run(files, "--apply")
    status, output = run(files, "--check")
    assert status == 0
    assert compared(files) == {"default: query 4": REFUSED}
    rows = {item["place"]: item["rows"] for item in files.report()["comparisons"]}
    assert {place: count for place, count in rows.items() if "query" in place and "ly_" not in place} == {
        "default: query 1": 2,
        "default: query 2": 1,
        "default: query 3": 1,
        "default: query 4": 0,
    }
    assert output.splitlines()[-2].split(", ")[0].split() == ["73", "compared"]


def test_a_difference_is_told_with_its_reason(original: Catalogue, files: Files) -> None:
    run(files, "--apply")
    Enumeration.objects.filter(enum_id=2).update(enum_label="other")
    Enumeration.objects.create(enum_id=3, enum_label="new")
    status, output = run(files, "--check")
    assert status == 1
    assert compared(files) == {
        "default: ly_enum": (
            "different",
            "2 rows there, 3 here; 1 row differs; 1 row is only here",
        ),
        "default: query 1": ("different", "2 rows there, 3 here"),
        "default: query 4": REFUSED,
    }
    assert "different (to be looked at):" in output.splitlines()


def test_nothing_moved_is_a_difference(original: Catalogue, files: Files) -> None:
    status, _ = run(files, "--check")
    assert status == 1
    assert compared(files)["default: ly_enum"] == ("different", "2 rows there, 0 here; 2 rows are not here")


def test_an_applications_queries_are_compared_on_its_own_database(
    original: Catalogue, files: Files, databases: list[Database]
) -> None:
    sales = Catalogue.made_in(databases[1])
    sales.execute("CREATE TABLE orders (ord_id integer)", "INSERT INTO orders VALUES (7), (8)")
    sales.add_query(50, "SELECT ord_id FROM orders")
    original.add_pool(2, "sales", databases[1])
    original.add_query(6, "SELECT ord_id FROM orders", pool="sales")
    run(files, "--apply", "--adopt", "sales")
    status, _ = run(files, "--check", "--adopt", "sales")
    assert status == 0
    rows = {item["place"]: item["rows"] for item in files.report()["comparisons"]}
    assert (rows["sales: query 50"], rows["default: query 6"]) == (2, 2)


def test_a_table_that_stays_behind_is_named(original: Catalogue, files: Files) -> None:
    original.execute("CREATE TABLE stock (sto_id integer)", "INSERT INTO stock VALUES (1)")
    original.add_query(6, "SELECT sto_id FROM stock")
    run(files, "--apply")
    run(files, "--check")
    verdict, reason = compared(files)["default: query 6"]
    assert (verdict, "it names a table" in reason) in [
        ("needs PostgreSQL", True),
        ("only the original answers", True),
    ]


class _Api(BaseHTTPRequestHandler):
    """The original's API, as far as the check calls it: it lets `admin` in and answers from `answers`."""

    answers: ClassVar[dict[str, Any]] = {}
    calls: ClassVar[list[dict[str, list[str]]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_known = body["user"] == "admin" and body["password"].startswith("ENC:")
        self._send({"access_token": "the token" if is_known else "", "status": "success"})

    def do_GET(self) -> None:
        arguments = parse_qs(urlsplit(self.path).query)
        self.calls.append(arguments)
        assert self.headers["Authorization"] == "Bearer the token"
        self._send(self.answers[arguments["query"][0]])

    def _send(self, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def api() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        _Api.calls = []
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_the_originals_api_is_asked(original: Catalogue, files: Files, api: str) -> None:
    run(files, "--apply")
    _Api.answers = {
        "1": {
            "status": "success",
            "items": [
                {
                    "ROW_ID": n,
                    "ENUM_ID": n,
                    "ENUM_LABEL": f"é{n}",
                    "ENUM_AUDIT_DATE": "2024-02-29T10:11:12.500000",
                }
                for n in (1, 2)
            ],
        },
        "2": {"status": "success", "items": [{"ROW_ID": 1, "ENUM_LABEL": "another"}]},
        "3": {"status": "success", "items": [{"ROW_ID": 1, "USR_ID": "admin", "USR_PASSWORD": "ENC:secret"}]},
        "4": {"status": "error", "items": [{"message": "Error: no column\n[SQL: SELECT ...]"}]},
    }
    status, _ = run(files, "--check", "--original-api", api)
    assert status == 1
    assert compared(files) == {
        "default: query 2": ("different", "first in row 1: ENUM_LABEL"),
        "default: query 4": (
            "neither answers",
            "the original says: Error: no column; we say: the database refused the statement: it names a"
            " column that does not exist",
        ),
    }
    assert _Api.calls[1] == {
        "source": ["query"],
        "type": ["table"],
        "pool": ["default"],
        "mode": ["session"],
        "query": ["2"],
        "language": ["en"],
        "offset": ["0"],
        "limit": ["10000"],
        "params": ['{"ENUM_ID": 1}'],
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--original-api", "http://127.0.0.1:1"], "The original's API does not answer"),
        (["--original-api", "file:///etc"], "The address of the original's API is http://HOST:PORT"),
        (
            ["--original-api", "http://127.0.0.1:1", "--original-user", "nobody"],
            "The original has no such enabled user whose password can be read",
        ),
    ],
)
def test_an_api_that_cannot_be_asked_is_told(
    original: Catalogue, files: Files, arguments: list[str], message: str
) -> None:
    with pytest.raises(CommandError) as caught:
        run(files, "--check", *arguments)
    assert (str(caught.value), caught.value.returncode) == (message, 2)


def _query(
    sql: str = "SELECT 1", order_by: str = "", *, number: int = 1, framework: bool = False
) -> TheirQuery:
    source = Source.FRAMEWORK if framework else Source.QUERY
    return TheirQuery(Call(source, number, "default", "en"), sql, order_by, "SESSION")


def _rows(*values: tuple[Any, ...], columns: str = "A B") -> Answer:
    return Answer([dict(zip(columns.split(), value, strict=False)) for value in values])


@pytest.mark.parametrize(
    ("query", "theirs", "ours", "verdict", "reason"),
    [
        (_query(), _rows((1, 2)), _rows((1, 2)), Verdict.EQUAL, ""),
        (
            _query(),
            _rows((1, 2), (3, 4)),
            _rows((3, 4), (1, 2)),
            Verdict.REORDERED,
            "the original orders it by nothing",
        ),
        (
            _query(order_by="a DESC"),
            _rows((1, 2), (1, 4)),
            _rows((1, 4), (1, 2)),
            Verdict.REORDERED,
            "the original orders it by A, in which they do not differ",
        ),
        (
            _query(order_by="A"),
            _rows((1, 2), (3, 4)),
            _rows((3, 4), (1, 2)),
            Verdict.DIFFERENT,
            "it is ordered by A, and comes in another order",
        ),
        (
            _query(order_by="A"),
            _rows(("a", 2), ("B", 4)),
            _rows(("B", 4), ("a", 2)),
            Verdict.REORDERED,
            "it is ordered by A, and the texts of A are sorted otherwise here",
        ),
        (
            _query(order_by="COL_SEQ", number=18, framework=True),
            _rows((2, 1), (1, 1), (1, 2), columns="TBL_ID COL_SEQ"),
            _rows((1, 1), (1, 2), (2, 1), columns="TBL_ID COL_SEQ"),
            Verdict.REORDERED,
            "we order it by TBL_ID first; for each of them it comes by COL_SEQ, as there",
        ),
        (
            _query(order_by="COL_SEQ", number=18, framework=True),
            _rows((1, 1), (1, 2), (2, 1), columns="TBL_ID COL_SEQ"),
            _rows((1, 2), (1, 1), (2, 1), columns="TBL_ID COL_SEQ"),
            Verdict.DIFFERENT,
            "it is ordered by COL_SEQ, and comes in another order",
        ),
        (
            _query(),
            _rows((1,)),
            _rows((1, 1), columns="A A_2"),
            Verdict.DOUBLED,
            "the original shows one of them, we show both: A_2",
        ),
        (
            _query(),
            _rows((1, 2), columns="A C"),
            _rows((1, 2), columns="A B"),
            Verdict.DIFFERENT,
            "columns only there: C; only here: B",
        ),
        (
            _query("SELECT * FROM information_schema.schemata"),
            _rows((1, 2)),
            _rows(),
            Verdict.DATABASE,
            "it reads the catalogue of the database that it runs on: 1 row there, 0 here",
        ),
        (
            _query(framework=True),
            _rows((1, "Country"), (2, "Name"), columns="ID MAP_LABEL"),
            _rows((1, "Pays"), (2, "Nom"), columns="ID MAP_LABEL"),
            Verdict.TRANSLATED,
            "the original does not translate them",
        ),
        (
            _query(),
            _rows((1, "Country"), columns="ID MAP_LABEL"),
            _rows((1, "Pays"), columns="ID MAP_LABEL"),
            Verdict.DIFFERENT,
            "first in row 1: MAP_LABEL",
        ),
        (
            _query(),
            Answer(fault="no"),
            _rows((1, 2)),
            Verdict.THEY_REFUSE,
            "the original says: no",
        ),
    ],
    ids=range(13),
)
def test_answers_are_compared(
    query: TheirQuery, theirs: Answer, ours: Answer, verdict: Verdict, reason: str
) -> None:
    comparison = compare_answers(query, theirs, ours)
    assert (comparison.verdict, comparison.reason) == (verdict, reason)


def test_a_difference_shows_no_value() -> None:
    comparison: Comparison = compare_answers(_query(), _rows(("secret", 1)), _rows(("other", 1)))
    assert comparison.reason == "first in row 1: A"
