"""How a sensitive value looks to an officer who has not asked, with a reason, to see it."""

import re

WHOLE_ID = re.compile(r"[0-9]{14}[0-9A-Za-z]{4}([0-9A-Za-z]{2}){0,2}")
WHOLE_PHONE = re.compile(r"[0-9]{11}")
FEWEST_FOR_ENDS = 8


def mask_id(number: str) -> str:
    """An ID or certificate number with the birth date hidden: 970123********4013.

    Of a text that is no whole number of 18, 20 or 22 characters only the two ends stay: nobody
    knows where the date stands in it.
    """
    if WHOLE_ID.fullmatch(number):
        return number[:6] + "*" * 8 + number[14:]
    return _ends(number)


def mask_phone(number: str) -> str:
    """A phone number with its middle hidden: 139****0001; of any other text the two ends stay."""
    if WHOLE_PHONE.fullmatch(number):
        return number[:3] + "*" * 4 + number[-4:]
    return _ends(number)


def _ends(text: str) -> str:
    """Two characters from each end; of a text below FEWEST_FOR_ENDS characters, only stars."""
    if len(text) < FEWEST_FOR_ENDS:
        return "*" * len(text)
    return text[:2] + "*" * (len(text) - 4) + text[-2:]
