"""Whatever a request meets, under many threads: no message twice, and what is told is true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..outcomes import lost_sockets
from .random_faults import run

pytestmark = lost_sockets.ignored

SEEDS = range(18)
"""Each API in each mode by each transport; ``python -m tests.seam.random_faults`` takes more."""

SEEDS_OF_MANY_ATTEMPTS = (6, 0)


@pytest.fixture(autouse=True, scope="module")
def no_lost_sockets() -> Iterator[None]:
    yield
    lost_sockets.collect()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_message_is_there_twice_and_what_a_program_is_told_is_true(seed: int) -> None:
    outcome = run(seed)
    assert outcome.lies == []
    assert outcome.arrived.keys() <= outcome.answered | outcome.unknown
    assert len(outcome.sent) == sum(map(len, (outcome.answered, outcome.unknown, outcome.refused)))


def test_a_plain_client_sends_some_of_them_twice() -> None:
    """So a run would show a duplicate; which message has one, the threads' order decides."""
    assert any(run(seed, guarded=False).duplicates for seed in SEEDS_OF_MANY_ATTEMPTS)
