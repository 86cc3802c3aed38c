"""What an import would do, shown before it is done; rows that are removed."""

import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.accounts.models import Membership, Role, User
from apps.framework.models import Enumeration, EnumerationLabel, EnumerationValue, Theme
from apps.pools.models import Pool
from apps.queries.models import DefinitionPolicy
from apps.setup.export import archive
from apps.setup.faults import RepositoryRejected
from apps.setup.selection import Selection
from apps.setup.services import Import, import_repository, plan_repository
from tests.definitions import define
from tests.setup.repositories import small_document, snapshot, write

PASSPHRASE = "nine lives of a cat"

pytestmark = pytest.mark.usefixtures("models_on_pools")


def run(*arguments: object) -> tuple[int, list[str]]:
    """Run the command and return its exit status and its lines."""
    output = StringIO()
    try:
        call_command("import_repository", *map(str, arguments), stdout=output)
    except SystemExit as exc:
        return int(exc.code or 0), output.getvalue().splitlines()
    return 0, output.getvalue().splitlines()


@pytest.fixture
def file(models_on_pools: None, tmp_path: Path) -> Path:
    """An archive of a small repository that is in the database no longer as it was."""
    import_repository(Import(write(tmp_path / "repository.json", small_document())))
    archive_file = tmp_path / "repository.zip"
    tables = Selection(only=("ly_enum", "ly_enum_val", "ly_enum_val_l"))
    archive_file.write_bytes(b"".join(archive(selection=tables)))
    EnumerationValue.objects.filter(val_enum="A").update(val_label="In use")
    EnumerationValue.objects.filter(val_enum="B").delete()
    EnumerationValue.objects.create(enum_id=1, val_enum="C")
    return archive_file


PLAN = [
    "ly_enum                          1         0         0         1         0",
    "ly_enum_val                      2         1         1         0         1",
    "ly_enum_val_l                    1         0         0         1         0",
    "3 tables                         4         1         1         2         1",
]


@pytest.mark.parametrize("arguments", [(), ("--plan",)])
def test_an_archive_is_compared_and_nothing_is_changed(file: Path, arguments: tuple[str, ...]) -> None:
    before = snapshot()
    status, lines = run(file, *arguments)
    assert status == 1
    assert lines == [
        "table                      in file       new   changed unchanged only here",
        *PLAN,
        "This is a plan: nothing was changed. --apply carries it out.",
    ]
    assert snapshot() == before


def test_apply_carries_it_out_and_rows_that_are_only_here_stay(file: Path) -> None:
    status, lines = run(file, "--apply")
    assert (status, lines[-4:]) == (0, PLAN)
    rows = EnumerationValue.objects.order_by("val_enum").values_list("val_enum", "val_label")
    assert list(rows) == [("A", "Active"), ("B", None), ("C", None)]
    status, lines = run(file, "--plan")
    assert (status, lines[-1]) == (0, "This is a plan, and there is nothing to change.")


def test_a_json_file_is_loaded_at_once_or_planned_when_asked(tmp_path: Path) -> None:
    file = write(tmp_path / "repository.json", small_document())
    assert run(file, "--plan")[0] == 1
    assert not Enumeration.objects.exists()
    assert run(file)[0] == 0
    assert run(file, "--plan")[0] == 0
    assert run(file, "--apply")[0] == 0


def test_each_row_that_changes_is_named_when_asked(file: Path) -> None:
    _, lines = run(file, "--verbose")
    assert lines[:3] == [
        "new        ly_enum_val (enum_id 1, val_enum B)",
        "changed    ly_enum_val (enum_id 1, val_enum A): val_label",
        "only here  ly_enum_val (enum_id 1, val_enum C)",
    ]
    _, lines = run(file, "--verbose", "--delete")
    assert lines[2] == "removed    ly_enum_val (enum_id 1, val_enum C)"


def test_a_plan_that_fails_has_a_status_of_its_own(tmp_path: Path) -> None:
    file = write(tmp_path / "repository.json", {"ly_other": []})
    for arguments, status in ((("--plan",), 2), ((), 1)):
        with pytest.raises(CommandError, match="no framework table has this name") as failure:
            run(file, *arguments)
        assert failure.value.returncode == status


# Removing


def test_delete_removes_what_the_file_does_not_have(file: Path) -> None:
    EnumerationLabel.objects.create(enum_id=1, val_enum="C", lng_id="fr")
    Enumeration.objects.create(enum_id=2, enum_label="Other")
    Theme.objects.create(thm_id=1, thm_name="kept")
    status, lines = run(file, "--delete", "--apply")
    assert status == 0
    assert "removed" in next(line for line in lines if line.startswith("table"))
    assert list(Enumeration.objects.values_list("enum_id", flat=True)) == [1]
    assert set(EnumerationValue.objects.values_list("val_enum", flat=True)) == {"A", "B"}
    assert EnumerationLabel.objects.count() == 1
    assert Theme.objects.count() == 1
    assert run(file, "--delete", "--plan")[0] == 0


def test_many_rows_are_removed(file: Path) -> None:
    EnumerationValue.objects.bulk_create(
        EnumerationValue(enum_id=1, val_enum=f"x{number}") for number in range(1500)
    )
    Enumeration.objects.bulk_create(Enumeration(enum_id=number, enum_label="x") for number in range(10, 1510))
    assert run(file, "--delete", "--apply")[0] == 0
    assert (Enumeration.objects.count(), EnumerationValue.objects.count()) == (1, 2)


def test_rows_of_other_tables_are_not_removed_with_their_parents(file: Path) -> None:
    EnumerationLabel.objects.create(enum_id=1, val_enum="C", lng_id="fr")
    wish = Import(file, selection=Selection(without=("ly_enum_val_l",)), delete=True)
    before = snapshot()
    for act in (plan_repository, import_repository):
        with pytest.raises(RepositoryRejected) as rejected:
            act(wish)
        assert rejected.value.faults == (
            "ly_enum_val_l (enum_id 1, val_enum C, lng_id fr): ly_enum_val (enum_id 1, val_enum C)"
            " would be removed",
        )
    assert snapshot() == before


def test_a_row_of_the_file_needs_its_parent_in_the_file_where_others_are_removed(
    file: Path, tmp_path: Path
) -> None:
    document = small_document() | {"ly_enum": []}
    with pytest.raises(RepositoryRejected) as rejected:
        import_repository(Import(write(tmp_path / "other.json", document), delete=True))
    assert rejected.value.faults == (
        "ly_enum_val (enum_id 1, val_enum A): ly_enum (enum_id 1) is not in the file",
        "ly_enum_val (enum_id 1, val_enum B): ly_enum (enum_id 1) is not in the file",
    )


def test_a_new_row_takes_over_a_unique_value_of_a_removed_one(tmp_path: Path) -> None:
    Theme.objects.create(thm_id=9, thm_name="dark")
    document = {"ly_themes": [{"thm_id": 1, "thm_name": "dark"}]}
    import_repository(Import(write(tmp_path / "themes.json", document), delete=True))
    assert list(Theme.objects.values_list("thm_id", flat=True)) == [1]


def test_the_last_administrator_is_not_removed(tmp_path: Path) -> None:
    User.objects.create_superuser("root", "the password")
    User.objects.create_superuser("disabled", "the password", usr_status="N")
    others: list[dict[str, Any]] = [
        {"usr_id": "anna", "usr_status": "Y", "usr_admin": "Y"},
        {"usr_id": "ben", "usr_status": "Y", "usr_password": "Ben's"},
    ]
    file = write(tmp_path / "users.json", {"ly_users": others})
    with pytest.raises(RepositoryRejected, match="nobody would be left who can sign in as administrator"):
        import_repository(Import(file, delete=True))
    import_repository(Import(file))
    others[1]["usr_admin"] = "Y"
    import_repository(Import(write(file, {"ly_users": others}), delete=True))
    assert set(User.objects.values_list("usr_id", flat=True)) == {"anna", "ben"}


# Selections


def test_only_the_selected_tables_are_loaded(tmp_path: Path) -> None:
    document = small_document() | {"ly_roles": [{"rol_id": "a"}], "ly_users": [{"usr_id": "anna"}]}
    document["ly_usr_roles"] = [{"usr_id": "anna", "rol_id": "a"}]
    file = write(tmp_path / "repository.json", document)
    run(file, "--tables", "ly_roles,ly_users")
    assert (Role.objects.count(), User.objects.count(), Membership.objects.count()) == (1, 1, 0)
    run(file, "--without", "ly_usr_roles, ly_enum_val_l")
    assert (EnumerationValue.objects.count(), EnumerationLabel.objects.count()) == (2, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--tables", "ly_other"), "No framework table is named `ly_other`"),
        (("--tables", "ly_roles"), "has no table ly_roles"),
        (("--application", "9"), "No application with a pool has the number 9"),
        (("--application", "1", "--pool", "x"), "not allowed with argument"),
        (("--plan", "--apply"), "not allowed with argument"),
    ],
)
def test_a_selection_that_cannot_be_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    file = write(tmp_path / "repository.json", small_document())
    with pytest.raises(CommandError, match=message):
        run(file, *arguments)
    assert not Enumeration.objects.exists()


def test_an_application_names_the_pool(tmp_path: Path) -> None:
    file = write(tmp_path / "repository.json", small_document())
    Pool.objects.create(apps_id=1, apps_pool="default")
    run(file, "--application", 1)
    assert Enumeration.objects.count() == 1


# Passphrases


@pytest.fixture
def sealed(models_on_pools: None, tmp_path: Path) -> Path:
    """An archive under PASSPHRASE, written by the command with a prompt."""
    Pool.objects.create(apps_id=1, apps_pool="erp", apps_password="of the pool")
    file = tmp_path / "sealed.zip"
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    call_command("export_repository", file, "--passphrase-file", tmp_path / "passphrase", stdout=StringIO())
    Pool.objects.all().delete()
    return file


def test_a_passphrase_comes_from_a_file_or_a_prompt(
    sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(sealed, "--apply", "--passphrase-file", tmp_path / "passphrase")[0] == 0
    assert Pool.objects.get(apps_id=1).apps_password is not None
    command = sys.modules["apps.setup.management.keys"]
    monkeypatch.setattr(command, "getpass", lambda prompt: PASSPHRASE)
    assert run(sealed, "--passphrase")[0] == 0
    monkeypatch.setattr(command, "getpass", lambda prompt: "another passphrase")
    with pytest.raises(CommandError, match="The passphrase is not the one of this archive"):
        run(sealed, "--passphrase", "--apply")
    with pytest.raises(CommandError, match="its passphrase is needed"):
        run(sealed, "--apply")


# Marks


def test_a_plan_names_the_marks_that_would_go_and_leaves_them(tmp_path: Path) -> None:
    define(100, "GET", "SELECT 1 AS n", public=True)
    document = {
        "ly_qry_sql": [
            {
                "query_id": 100,
                "query_dbtype": "generic",
                "query_crud": "GET",
                "query_pool": "default",
                "query_sqlquery": "SELECT 2 AS n",
            }
        ]
    }
    file = write(tmp_path / "repository.json", document)
    for arguments, left in ((("--plan",), 1), ((), 0)):
        lines = run(file, *arguments)[1]
        assert "query 100 GET gets other SQL, which takes back its marks; mark it again if meant so" in lines
        assert DefinitionPolicy.objects.count() == left
