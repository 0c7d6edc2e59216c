"""What the database refuses of the tree."""

from datetime import date

import pytest
from django.db import IntegrityError

from divisions.models import Division

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("970199", 2, "97"),
        ("970199", 3, "97"),
        ("970199", 3, "9702"),
        ("97019", 3, "9701"),
        ("9701ab", 3, "9701"),
        ("98", 1, None),
        ("98", 1, "97"),
        ("1", 0, None),
    ],
)
def test_code_level_and_parent_must_agree(tree, code, level, parent):
    with pytest.raises(IntegrityError, match="division_code_is_the_path"):
        Division.objects.create(code=code, level=level, name="x", parent_id=parent)


def test_a_division_cannot_end_before_it_began(tree):
    with pytest.raises(IntegrityError, match="division_ends_after_it_began"):
        Division.objects.filter(pk="970123").update(
            valid_from=date(2020, 1, 2), valid_to=date(2020, 1, 1)
        )
