"""The fixture ``ses_simulator`` for test suites; pytest loads it with the package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from . import Simulator


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "ses_simulator(**settings): settings of the local SES in the fixture ses_simulator",
    )


@pytest.fixture
def ses_simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """A local SES of its own for each test; ``@pytest.mark.ses_simulator(rate=1)`` sets it up."""
    from . import Simulator  # here, so that pytest starts without the extra

    marker = request.node.get_closest_marker("ses_simulator")
    with Simulator(**(marker.kwargs if marker else {})) as simulator:
        yield simulator
