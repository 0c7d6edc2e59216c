"""What a password must be. Two profiles, because two authorities disagree: PASSWORD_PROFILE.

"asvs": length and no well-known password, never changed without a reason (OWASP ASVS 5, 6.2).
"mlps3": also three kinds of characters, a change every 90 days, none of the last five
(GB/T 22239-2019, 8.1.4.1).
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from officers.models import Officer

MLPS3 = "mlps3"
LONGEST_USE = timedelta(days=90)
REMEMBERED = 5
KINDS_OF_CHARACTERS = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")
KINDS_NEEDED = 3
OFFICE_WORDS = (
    "fupin",
    "pinkun",
    "poverty",
    "registry",
    "xiangcun",
    "扶贫",
    "贫困",
    "乡村",
    "脱贫",
)


class OfficeWordsValidator:
    """Refuses passwords made around a word that everybody in this work would try first."""

    def validate(self, password: str, user: Any = None) -> None:
        if any(word in password.lower() for word in OFFICE_WORDS):
            raise ValidationError(
                _("Leave out words of our work, such as “fupin” or “registry”."),
                code="office_word",
            )

    def get_help_text(self) -> str:
        return _("It does not contain a word of our work, such as “fupin” or “registry”.")


class ProfileValidator:
    """What the profile "mlps3" asks beyond length: kinds of characters, nothing used before."""

    def validate(self, password: str, user: Any = None) -> None:
        if settings.PASSWORD_PROFILE != MLPS3:
            return
        kinds = sum(bool(re.search(kind, password)) for kind in KINDS_OF_CHARACTERS)
        if kinds < KINDS_NEEDED:
            raise ValidationError(
                _("Mix at least three of: small letters, capital letters, digits, other signs."),
                code="too_few_kinds",
            )
        if isinstance(user, Officer) and was_used(user, password):
            raise ValidationError(
                _("You used this password before. Choose a new one."), code="used_before"
            )

    def get_help_text(self) -> str:
        if settings.PASSWORD_PROFILE != MLPS3:
            return _("A few unrelated words make a good password.")
        return _(
            "It mixes three of: small letters, capital letters, digits, other signs; it is not "
            "one of your last five."
        )


def was_used(officer: Officer, password: str) -> bool:
    """Whether `password` is the officer's present one or one of the last five."""
    if officer._state.adding:
        return False
    hashes = officer.past_passwords.values_list("password", flat=True)[: REMEMBERED - 1]
    return any(check_password(password, one) for one in (officer.password, *hashes))


def is_too_old(officer: Officer, now: datetime) -> bool:
    """Whether the officer must choose a new password before anything else ("mlps3" alone)."""
    if settings.PASSWORD_PROFILE != MLPS3:
        return False
    return officer.password_set_at is None or now - officer.password_set_at > LONGEST_USE
