"""Which of the broker's sixteen databases a process uses."""

from urllib.parse import urlsplit, urlunsplit


def numbered(redis_url: str, number: int) -> str:
    """The same broker, another database: redis://host/NUMBER or unix:///path?db=NUMBER."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return urlunsplit(parts._replace(query=f"db={number}"))
    return urlunsplit(parts._replace(path=f"/{number}"))
