from tests.settling import alone_on_the_server

__all__ = ["alone_on_the_server"]
