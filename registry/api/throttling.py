"""How many requests a client may send: counted in Redis, reading and writing apart."""

import logging
import time
from functools import cache
from typing import TYPE_CHECKING

import redis
from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from officers.models import ClientKey

if TYPE_CHECKING:  # rest_framework.views imports this module
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)
WINDOW_SECONDS = 60
BROKER_SECONDS = 1


@cache
def broker() -> redis.Redis:
    """The connection pool of this process."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=BROKER_SECONDS,
        socket_timeout=BROKER_SECONDS,
    )


class PerClient(BaseThrottle):
    """So many requests a minute for each client, over all of its keys.

    Without Redis nobody is held back: the proxy in front is the wall against floods.
    """

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, ClientKey):
            return True
        kind = "read" if request.method in SAFE_METHODS else "write"
        window = int(time.time()) // WINDOW_SECONDS
        return (
            self.count(f"api:{request.auth.client_id}:{kind}:{window}") <= settings.API_RATES[kind]
        )

    def count(self, name: str) -> int:
        """How often `name` was counted, this time included; 0 where nothing counts."""
        try:
            with broker().pipeline(transaction=True) as pipe:
                pipe.incr(name)
                pipe.expire(name, 2 * WINDOW_SECONDS)
                return pipe.execute()[0]
        except redis.RedisError:
            logger.warning("throttle without broker")
            return 0

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return WINDOW_SECONDS - time.time() % WINDOW_SECONDS
