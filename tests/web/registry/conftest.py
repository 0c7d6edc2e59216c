import pytest
from django.utils import translation


@pytest.fixture
def active_en():
    with translation.override("en"):
        yield
