"""The OpenAPI document against the API's documented operations: nothing that is promised may be missing."""

from typing import Any

import pytest
import yaml
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tests.contract.document import OPERATIONS, Operation

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return document


def part(described: dict[str, Any], operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = described["paths"][operation.path][operation.verb.lower()]
    return found


def content(holder: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON content of a body or an answer."""
    found: dict[str, Any] = holder["content"]["application/json"]
    return found


def test_the_document_has_all_twenty_three() -> None:
    assert len({(operation.verb, operation.path) for operation in OPERATIONS}) == 23


@each_operation
def test_the_arguments_are_described(described: dict[str, Any], operation: Operation) -> None:
    found = {argument["name"]: argument for argument in part(described, operation).get("parameters", [])}
    for name, argument in operation.arguments.items():
        said = found[name]
        assert said["in"] == argument.place, name
        assert frozenset(said["schema"].get("enum", ())) == argument.values, name
        assert said["description"], name
        if argument.default is not None:
            assert said["schema"]["default"] == argument.default, name


@each_operation
def test_the_body_is_described(described: dict[str, Any], operation: Operation) -> None:
    if operation.body is None:
        return
    said = content(part(described, operation)["requestBody"])["schema"]
    forms = said.get("oneOf", [said])
    assert any(
        form["type"] == "object" and operation.body <= frozenset(form.get("properties", ())) for form in forms
    )


@each_operation
def test_every_documented_answer_is_described_with_an_example(
    described: dict[str, Any], operation: Operation
) -> None:
    answers = part(described, operation)["responses"]
    for status, members in operation.answers.items():
        answer = answers[str(status)]
        assert answer["description"], status
        if members is None:
            continue
        examples = [example["value"] for example in content(answer)["examples"].values()]
        assert examples, status
        for example in examples:
            assert members <= example.keys(), (status, example)


def test_the_served_document_is_the_same(client: Client, described: dict[str, Any]) -> None:
    served = yaml.safe_load(client.get("/api/schema").content)
    assert served["paths"].keys() == described["paths"].keys()
