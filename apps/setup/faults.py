"""What is wrong with a repository file: collected, so that all of it is told at once."""

from liberty.errors import MalformedRequest

SHOWN_FAULTS = 50


class RepositoryRejected(MalformedRequest):
    """A repository cannot be loaded as it is; nothing of it was. `faults` holds the first SHOWN_FAULTS."""

    def __init__(self, faults: tuple[str, ...], count: int) -> None:
        hidden = count - len(faults)
        lines = [*faults, f"and {hidden} more"] if hidden else faults
        super().__init__("\n".join(["The repository cannot be loaded, and nothing was changed:", *lines]))
        self.faults = faults
        self.count = count


class Faults:
    """Collects faults: counts them all and keeps the first ones."""

    def __init__(self) -> None:
        self._first: list[str] = []
        self._count = 0

    def add(self, fault: str) -> None:
        self._count += 1
        if self._count <= SHOWN_FAULTS:
            self._first.append(fault)

    def raise_any(self) -> None:
        """Raise RepositoryRejected if there are faults."""
        if self._count:
            raise RepositoryRejected(tuple(self._first), self._count)
