"""The pages of roles."""

import pytest
from django.test import Client

from apps.accounts.models import Membership, Role, RoleRight, User
from tests.admin.pages import Page

LIST = "/admin/accounts/role/"
CHANGE = f"{LIST}R1/change/"
RIGHTS = "roleright"
MEMBERS = "membership"


@pytest.fixture
def role(db: None) -> Role:
    role = Role.objects.create(rol_id="R1", rol_name="First")
    RoleRight.objects.create(rol=role, aut_id=3, aut_component="Menus", aut_run="Y", aut_add=None)
    return role


def test_the_list_counts_rights_and_members(site: Client, role: Role, reader: User, admin: User) -> None:
    RoleRight.objects.create(rol=role, aut_id=4)
    for user in (reader, admin):
        Membership.objects.create(usr=user, rol=role)
    RoleRight.objects.create(rol=role, aut_id=5)
    text = site.get(LIST).content.decode()
    assert '<td class="field-number_of_rights">3</td><td class="field-number_of_members">2</td>' in text


@pytest.mark.parametrize(("asked", "is_found"), [("first", True), ("R1", True), ("second", False)])
def test_roles_are_found(site: Client, role: Role, asked: str, is_found: bool) -> None:
    assert (CHANGE in site.get(f"{LIST}?q={asked}").content.decode()) is is_found


def test_a_role_is_added_with_rights_and_members(site: Client, reader: User) -> None:
    page = Page.open(site, f"{LIST}add/")
    page.add_row(RIGHTS, aut_component="Menus", aut_menu_seq_ukid="1.", aut_run="on")
    page.add_row(RIGHTS, aut_component="Forms")
    page.add_row(MEMBERS, usr="reader")
    page.save(rol_id="R2", rol_name="Second")
    rights = RoleRight.objects.order_by("aut_id").values_list(
        "rol_id", "aut_id", "aut_component", "aut_run", "aut_add"
    )
    assert list(rights) == [("R2", 1, "Menus", "Y", "N"), ("R2", 2, "Forms", "N", "N")]
    assert [(member.usr_id, member.rol_id) for member in Membership.objects.all()] == [("reader", "R2")]


def test_rights_are_changed_added_and_deleted(site: Client, role: Role) -> None:
    RoleRight.objects.create(rol=role, aut_id=4)
    page = Page.open(site, CHANGE)
    page.set_row(RIGHTS, 0, aut_chg="on")
    page.delete_row(RIGHTS, 1)
    page.add_row(RIGHTS, aut_component="Forms")
    page.save()
    rights = RoleRight.objects.order_by("aut_id").values_list("aut_id", "aut_component", "aut_chg", "aut_add")
    assert list(rights) == [(3, "Menus", "Y", None), (4, "Forms", "N", "N")]


def test_saving_an_untouched_page_changes_nothing(site: Client, role: Role) -> None:
    before = list(RoleRight.objects.values_list())
    Page.open(site, CHANGE).save()
    assert list(RoleRight.objects.values_list()) == before


def test_a_row_is_deleted_whatever_else_was_entered_in_it(site: Client, role: Role) -> None:
    page = Page.open(site, CHANGE)
    page.set_row(RIGHTS, 0, aut_component_id="not a number")
    page.delete_row(RIGHTS, 0)
    page.save()
    assert RoleRight.objects.count() == 0


def test_a_number_that_exists_is_refused(site: Client, role: Role) -> None:
    page = Page.open(site, CHANGE)
    page.add_row(RIGHTS, aut_id="3")
    assert page.refused() == ["There is a row for 3 already."]


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"aut_id": "x"}, "Enter a whole number."),
        ({"aut_component_id": "1.5"}, "Enter a whole number."),
        ({"aut_component": "x" * 41}, "Ensure this value has at most 40 characters (it has 41)."),
    ],
)
def test_a_bad_right_is_told_at_its_field(
    site: Client, role: Role, values: dict[str, str], complaint: str
) -> None:
    page = Page.open(site, CHANGE)
    page.add_row(RIGHTS, **values)
    assert page.refused() == [complaint]
    assert RoleRight.objects.count() == 1


def test_members_are_added_removed_and_taken_once(
    site: Client, role: Role, reader: User, admin: User
) -> None:
    Membership.objects.create(usr=reader, rol=role)
    page = Page.open(site, CHANGE)
    page.add_row(MEMBERS, usr="reader")
    assert page.refused() == ["There is a row for reader already."]
    page = Page.open(site, CHANGE)
    page.delete_row(MEMBERS, 0)
    page.add_row(MEMBERS, usr="admin")
    page.save()
    assert [member.usr_id for member in Membership.objects.all()] == ["admin"]


def test_members_are_found_by_typing(site: Client, role: Role, reader: User) -> None:
    asked = {"app_label": "accounts", "model_name": "membership", "field_name": "usr", "term": "rita"}
    found = site.get("/admin/autocomplete/", asked).json()
    assert found["results"] == [{"id": "reader", "text": "reader"}]


def test_a_role_with_many_rights_is_saved(site: Client, role: Role) -> None:
    """More boxes than Django takes of a form by default."""
    RoleRight.objects.bulk_create(RoleRight(rol=role, aut_id=number) for number in range(10, 160))
    page = Page.open(site, CHANGE)
    page.set_row(RIGHTS, 150, aut_run="on")
    page.save()
    assert RoleRight.objects.get(aut_id=159).aut_run == "Y"


def test_a_role_is_deleted_with_what_belongs_to_it(site: Client, role: Role, reader: User) -> None:
    Membership.objects.create(usr=reader, rol=role)
    assert site.get(f"{LIST}R1/delete/").status_code == 200
    assert site.post(f"{LIST}R1/delete/", {"post": "yes"}).status_code == 302
    assert (Role.objects.count(), RoleRight.objects.count(), Membership.objects.count()) == (0, 0, 0)
    assert User.objects.filter(usr_id="reader").exists()
