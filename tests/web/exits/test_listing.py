"""Who comes onto the list of poor villages: several at once, all or none."""

from datetime import date

import pytest
from django.urls import reverse

from exits.actions.listing import list_places
from exits.models import ListedPlace
from teams.refusals import EntryRefused
from tests import factories as make
from tests.web.exits import standing as shared
from tests.web.exits.listed import listed
from trail.errors import NotAllowed
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
standing, cast = shared.standing, shared.cast


class TestListing:
    """Who comes onto the list."""

    def list(self, by, *codes, on=date(2014, 6, 1)):
        return list_places(codes, listed_on=on, source="省名单", by=by)

    def test_several_villages_come_onto_the_list_at_once(self, cast):
        made = self.list(cast.county_clerk, make.VILLAGE, make.NEXT_VILLAGE)
        assert [one.division_id for one in made] == [make.VILLAGE, make.NEXT_VILLAGE]
        assert Change.objects.filter(action="list_place").count() == 2

    @pytest.mark.parametrize(
        ("codes", "on", "field"),
        [
            ([make.OTHER_COUNTY_VILLAGE], date(2014, 6, 1), "codes"),
            ([make.TOWNSHIP], date(2014, 6, 1), "codes"),
            ([make.VILLAGE, "970123100999"], date(2014, 6, 1), "codes"),
            ([], date(2014, 6, 1), "codes"),
            ([make.VILLAGE], date(2099, 6, 1), "listed_on"),
        ],
        ids=["elsewhere", "township", "unknown", "none", "future"],
    )
    def test_all_of_them_or_none(self, cast, codes, on, field):
        with pytest.raises(EntryRefused) as refused:
            self.list(cast.county_clerk, *codes, on=on)
        assert [name for name, _text in refused.value.faults] == [field]
        assert not ListedPlace.everywhere.exists()

    def test_a_village_is_listed_once(self, cast):
        listed()
        with pytest.raises(EntryRefused):
            self.list(cast.county_clerk, make.VILLAGE)

    def test_the_township_lists_nobody(self, cast):
        with pytest.raises(NotAllowed):
            self.list(cast.township_reviewer, make.VILLAGE)

    def test_the_form_lists_and_says_its_faults(self, cast, signed_in):
        client, target = signed_in(cast.county_clerk), reverse("exits:list_places")
        data = {"codes": make.VILLAGE, "listed_on": "2014-06-01", "source": "省名单"}
        assert client.post(target, data | {"codes": "1"}).status_code == 400
        assert client.post(target, data).status_code == 302
        assert ListedPlace.everywhere.get().division_id == make.VILLAGE
