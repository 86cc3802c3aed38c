"""Every JSON shape that the API answers with, one function each.

Success is the union of what the document shows and what the original's client reads: where the two use
different names for a member, both are there with equal values (contract, section 0.2).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from liberty.errors import ArgumentFault

Item = Mapping[str, Any]

# Most rows of a page where the caller asks for no other number.
DEFAULT_LIMIT = 1000


def token(access_token: str) -> dict[str, Any]:
    return {
        "access_token": access_token,
        "token_type": "bearer",
        "status": "success",
        "message": "Authentication successful",
    }


def user(items: Sequence[Item]) -> dict[str, Any]:
    return {"items": items, "status": "success"}


def query_page(
    items: Sequence[Item], metadata: Sequence[Item], *, has_more: bool, limit: int, offset: int
) -> dict[str, Any]:
    return {
        "items": items,
        "status": "success",
        "metadata": metadata,
        "hasMore": has_more,
        "limit": limit,
        "offset": offset,
        "count": len(items),
    }


def framework_rows(items: Sequence[Item], metadata: Sequence[Item]) -> dict[str, Any]:
    """The lists that the sign-in page reads; they are always whole, whatever the limit is said to be."""
    return {
        "status": "success",
        "pool": "default",
        "items": items,
        "rowCount": len(items),
        "meta_data": metadata,
        "metadata": metadata,
        "hasMore": False,
        "limit": DEFAULT_LIMIT,
        "offset": 0,
        "count": len(items),
    }


def written(count: int, items: Sequence[Item] = ()) -> dict[str, Any]:
    """`count` is the number of rows affected; `items` the rows of a RETURNING clause."""
    return {"items": items, "status": "success", "count": count}


def called(answer: Any) -> dict[str, Any]:
    """What a service answered, as it is; the original counts nothing here."""
    return {"items": answer, "status": "success", "count": 0}


def listed(items: Sequence[Item]) -> dict[str, Any]:
    """A list that is always whole."""
    return {"items": items, "status": "success", "count": len(items)}


def checked(pool: str, current_date: str) -> dict[str, Any]:
    return {
        "status": "success",
        "pool": pool,
        "rows": [{"ROW_ID": 1, "CURRENT_DATE": current_date}],
        "rowCount": 1,
        "meta_data": [{"name": "ROW_ID", "type": "int"}, {"name": "CURRENT_DATE", "type": "datetime"}],
    }


def done(message: str) -> dict[str, Any]:
    return {"status": "success", "message": message}


def carried_out(message: str, items: Sequence[Item] = ()) -> dict[str, Any]:
    """Something that was done to the installation; clients look for rows even where there are none."""
    return {"items": items, "status": "success", "count": len(items), "message": message}


def encrypted(text: str) -> dict[str, Any]:
    return {"encrypted": text}


def version(text: str) -> dict[str, Any]:
    return {"version": text}


def failed(message: str | Item) -> dict[str, Any]:
    return {"status": "failed", "message": message}


def refused_page(message: str, *, limit: int, offset: int, details: Item) -> dict[str, Any]:
    """A GET whose statement the database refused; `details` are further members, for administrators."""
    page = {
        "items": [{"message": f"Error: {message}"}],
        "status": "error",
        "hasMore": False,
        "limit": limit,
        "offset": offset,
        "count": 0,
    }
    return failed({**page, **details})


def refused_write(message: str, *, line: Item, details: Item) -> dict[str, Any]:
    """A write whose statement the database refused; `line` is the object of the body behind it."""
    answer = {"items": [{"message": f"Error: {message}", "line": line}], "status": "error", "count": 0}
    return failed({**answer, **details})


def invalid(faults: Iterable[ArgumentFault]) -> dict[str, Any]:
    return {"detail": [{"loc": fault.location, "msg": fault.message, "type": fault.kind} for fault in faults]}


def detail(message: str) -> dict[str, Any]:
    """Answers about the path or the method alone."""
    return {"detail": message}


def for_original_client(failure: Mapping[str, Any], *, line: Item | None = None) -> dict[str, Any]:
    """Return a failure's documented answer as the original's web client reads it.

    It takes the text from `items` where the status is 200, and from `message` where it is not. Members that
    the document has stay, `detail` among them. `line` is the object of a written body that was refused.
    """
    message = failure.get("message", failure.get("detail"))
    if isinstance(message, Mapping):
        # A refused statement: the object is what the original answers with, and its first item has the text.
        return {**message, "message": message["items"][0]["message"]}
    if not isinstance(message, str):
        message = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in message or ())
    more = {"detail": failure["detail"]} if "detail" in failure else {}
    item: Item = {"message": message} if line is None else {"message": message, "line": line}
    return {"items": [item], "status": "error", "count": 0, "message": message, **more}


def refused_sign_in(word: str, *, items: Sequence[Item] = ()) -> dict[str, Any]:
    """A sign-in that is refused, for the original's web client; `items` is there where it has a reason."""
    answer = {"access_token": "", "token_type": "", "status": "error", "message": word}
    return {**answer, "items": items} if items else answer
