from pathlib import Path

import pytest

from divisions.models import Division
from tests import factories as make
from tests.oracle.world import Register, Village
from tests.property.households.both import Both


@pytest.fixture
def both(db: None, tmp_path: Path) -> Both:
    """The sample's divisions, without a household, here and there."""
    make.plant_tree()
    villages = Division.objects.filter(level=5).values_list("code", flat=True)
    return Both(Register({code: Village(code) for code in villages}), tmp_path)
