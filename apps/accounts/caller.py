"""Who is calling, as every layer below the views sees it."""

from dataclasses import dataclass
from typing import Literal

from apps.accounts.models import User
from liberty.fields import YesNoField

DEFAULT_CATALOGUE = "default"


@dataclass(frozen=True, slots=True)
class Caller:
    """A user whose token or password was verified; what REST framework calls `request.user`.

    `catalogue` is the alias of the pool whose users he is one of: his rights hold there and nowhere else
    (contract, section 0.4). Callers are kept between requests, so nothing secret is in them.
    """

    user_id: str
    catalogue: str = DEFAULT_CATALOGUE
    is_admin: bool = False
    read_only: bool = False
    language: str | None = None

    @classmethod
    def of(cls, user: User, *, catalogue: str) -> "Caller":
        return cls(
            user_id=user.usr_id,
            catalogue=catalogue,
            is_admin=user.is_superuser,
            read_only=user.usr_readonly == YesNoField.YES,
            language=user.usr_language,
        )

    @property
    def is_platform_admin(self) -> bool:
        """Whether set-up, pools, logs and other catalogues are open to the caller."""
        return self.is_admin and self.catalogue == DEFAULT_CATALOGUE

    @property
    def is_authenticated(self) -> Literal[True]:
        return True

    @property
    def is_active(self) -> Literal[True]:
        return True

    @property
    def pk(self) -> str:
        """What throttles count by: users of two catalogues may have one id."""
        return f"{self.catalogue}/{self.user_id}"

    def administers(self, catalogue: str) -> bool:
        return self.is_platform_admin or (self.is_admin and self.catalogue == catalogue)
