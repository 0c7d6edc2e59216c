import pytest

from registry.proxy import client_address

PROXY, VISITOR, CLAIMED = "10.0.0.1", "203.0.113.9", "198.51.100.7"


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "expected"),
    [
        (False, "", PROXY),
        (False, CLAIMED, PROXY),
        (True, VISITOR, VISITOR),
        (True, f"{CLAIMED}, {VISITOR}", VISITOR),
        (True, "", PROXY),
    ],
)
def test_a_visitor_cannot_choose_his_address(rf, settings, behind_proxy, forwarded, expected):
    settings.BEHIND_PROXY = behind_proxy
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(rf.get("/", headers=headers, REMOTE_ADDR=PROXY)) == expected
