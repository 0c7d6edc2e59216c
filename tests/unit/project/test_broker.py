import pytest

from tests.broker import numbered


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("unix:///run/valkey.sock", "unix:///run/valkey.sock?db=2"),
        ("unix:///run/valkey.sock?db=1", "unix:///run/valkey.sock?db=2"),
        ("redis://:pw@broker:6379", "redis://:pw@broker:6379/2"),
        ("redis://:pw@broker:6379/0", "redis://:pw@broker:6379/2"),
    ],
)
def test_workers_of_the_suite_share_the_broker_but_not_its_database(address, expected):
    assert numbered(address, 2) == expected
