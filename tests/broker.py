"""Which of the broker's sixteen databases a process uses."""


def numbered(redis_url: str, number: int) -> str:
    """The same broker, another database: redis://host/NUMBER or unix:///path?db=NUMBER."""
    if redis_url.startswith("unix://"):
        return f"{redis_url.partition('?')[0]}?db={number}"
    return f"{'/'.join(redis_url.split('/')[:3])}/{number}"
