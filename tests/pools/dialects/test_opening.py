"""Opening that many wait for."""

import threading

import pytest

from apps.pools.dialects.opening import Opening
from liberty.errors import Unavailable


def test_it_is_made_once() -> None:
    made: list[str] = []

    def make() -> list[str]:
        made.append("made")
        return made

    opening = Opening(make)
    assert not opening.is_done
    assert opening.result() is opening.result()
    assert opening.is_done
    assert made == ["made"]


def test_those_who_wait_share_a_failure_and_the_next_tries_again() -> None:
    tries = 0
    waiting = threading.Event()

    def fail() -> object:
        nonlocal tries
        tries += 1
        waiting.wait(5)
        raise Unavailable("down")

    opening = Opening(fail)
    refusals: list[str] = []

    def ask() -> None:
        try:
            opening.result()
        except Unavailable as exc:
            refusals.append(exc.message)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    threading.Timer(0.5, waiting.set).start()
    for thread in threads:
        thread.join()
    assert (refusals, tries) == (["down"] * 5, 1)
    with pytest.raises(Unavailable):
        opening.result()
    assert tries == 2
