"""The officers on a running site and pages signed in, as for the registration of households."""

from tests.browser.registering.conftest import officers, open_as

__all__ = ["officers", "open_as"]
