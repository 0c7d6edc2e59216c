"""How often one visitor may read the public pages: counted in Redis for a minute, by address.

The address is kept as a keyed digest for that minute alone. Without Redis nobody is held back: the
proxy in front is the wall against floods.
"""

import logging
import time
from functools import cache

import redis
from django.conf import settings
from django.http import HttpRequest

from registry.proxy import client_address
from trail.sealing import blind

logger = logging.getLogger("registry.public")
MOST_IN_A_MINUTE = 60
WINDOW_SECONDS = 60
BROKER_SECONDS = 1
FIELD = "public.visitor"


@cache
def counter() -> redis.Redis:
    """The connection pool of this process."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=BROKER_SECONDS,
        socket_timeout=BROKER_SECONDS,
    )


def too_many(request: HttpRequest) -> int:
    """0 for a visitor who may read on, else the seconds until he may."""
    now = int(time.time())
    window, passed = divmod(now, WINDOW_SECONDS)
    visitor = blind(client_address(request), field=FIELD)
    key = f"public:{visitor}:{window}"
    try:
        with counter().pipeline() as together:
            together.incr(key)
            together.expire(key, WINDOW_SECONDS)
            visits = together.execute()[0]
    except redis.RedisError:
        logger.warning("no counter; the public page is not limited")
        return 0
    return WINDOW_SECONDS - passed if visits > MOST_IN_A_MINUTE else 0
