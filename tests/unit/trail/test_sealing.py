import uuid

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured

from trail import sealing
from trail.masking import mask_id, mask_phone

ROW = uuid.UUID(int=1)
FIELD = "households.member.id_number"
NUMBER = "970123196503074013"


def test_a_sealed_value_opens_for_its_own_field_and_row():
    blob = sealing.seal(NUMBER, field=FIELD, row=ROW)
    assert sealing.unseal(blob, field=FIELD, row=ROW) == NUMBER


def test_a_sealed_value_copied_to_another_row_does_not_open():
    blob = sealing.seal(NUMBER, field=FIELD, row=ROW)
    with pytest.raises(InvalidTag):
        sealing.unseal(blob, field=FIELD, row=uuid.UUID(int=2))


def test_a_sealed_value_copied_to_another_field_does_not_open():
    blob = sealing.seal(NUMBER, field=FIELD, row=ROW)
    with pytest.raises(InvalidTag):
        sealing.unseal(blob, field="households.household.phone", row=ROW)


def test_sealing_twice_gives_different_bytes_without_the_value():
    one, other = (sealing.seal(NUMBER, field=FIELD, row=ROW) for _ in range(2))
    assert one != other
    assert NUMBER.encode() not in one


def test_the_blind_index_is_equal_for_equal_values_of_one_field_only():
    assert sealing.blind(NUMBER, field=FIELD) == sealing.blind(NUMBER, field=FIELD)
    assert sealing.blind(NUMBER, field=FIELD) != sealing.blind(NUMBER, field="other")


def test_a_value_sealed_with_an_older_key_still_opens(settings):
    old, new, blind = "MDEy" * 10 + "MDE=", "MTIz" * 10 + "MTI=", "MjM0" * 10 + "MjM="
    settings.FIELD_KEYS = f"1:{old};blind:{blind}"
    blob = sealing.seal(NUMBER, field=FIELD, row=ROW)
    settings.FIELD_KEYS = f"1:{old},2:{new};blind:{blind}"
    assert sealing.unseal(blob, field=FIELD, row=ROW) == NUMBER
    assert sealing.seal(NUMBER, field=FIELD, row=ROW)[0] == 2


@pytest.mark.parametrize("keys", ["", "1:AAAA;blind:AAAA", "blind:" + "MDEy" * 10 + "MDE="])
def test_keys_that_are_not_whole_are_refused(settings, keys):
    settings.FIELD_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        sealing.seal(NUMBER, field=FIELD, row=ROW)


def test_a_masked_id_hides_the_birth_date():
    assert mask_id(NUMBER) == "970123********4013"
    assert mask_id("97012319650307401341") == "970123********401341"


@pytest.mark.parametrize(
    "written", ["70123196503074013", "970123 19650307 4013", "x97012319650307401", "97012319650307"]
)
def test_an_id_that_is_no_whole_number_keeps_only_its_ends(written):
    masked = mask_id(written)
    assert masked == written[:2] + "*" * (len(written) - 4) + written[-2:]


@pytest.mark.parametrize("mask", [mask_id, mask_phone])
def test_nothing_of_a_short_text_is_shown(mask):
    assert mask("1965030") == "*******"
    assert mask("") == ""


def test_a_masked_phone_hides_its_middle():
    assert mask_phone("13900000001") == "139****0001"
    assert mask_phone("1390000000") == "13******00"
    assert mask_phone("970123196503074013") == "97**************13"
