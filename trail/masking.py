"""How a sensitive value looks to an officer who has not asked, with a reason, to see it."""


def mask_id(number: str) -> str:
    """An ID or certificate number with the birth date hidden: 970123********4013.

    The eight digits of the date are hidden whatever the length (18, 20 or 22 characters).
    """
    return number[:6] + "*" * 8 + number[14:] if number else ""


def mask_phone(number: str) -> str:
    """A phone number with its middle hidden: 139****0001."""
    return number[:3] + "*" * max(len(number) - 7, 4) + number[-4:] if number else ""
