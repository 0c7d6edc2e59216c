"""The words that a policy parameter with a choice can hold. No Django here."""

from workflow.machine import gettext_noop

OWNERS = (
    ("shared", gettext_noop("both: written where the other system saw the record as it stands")),
    ("here", gettext_noop("this register: what another system sends is decided by the county")),
    ("there", gettext_noop("the other system: what it sends is written")),
)
WITHHELD_WORDS = (
    ("queue", gettext_noop("waits for the county clerk")),
    ("refuse", gettext_noop("is refused; the county clerk may still take it")),
)
LOADED_WORDS = (
    ("leave", gettext_noop("are left out: the household begins outside the register")),
    ("load", gettext_noop("are taken over as history")),
)
NOBODY_WORKS_WORDS = (
    ("may_exit", gettext_noop("may exit")),
    ("may_not_exit", gettext_noop("may not exit")),
)
ADDED_VILLAGES = (
    ("none", gettext_noop("only the villages on the list")),
    ("registered", gettext_noop("also every village with households on the register")),
    ("supported", gettext_noop("also every village with households on the register or exited")),
)
PARTY_WORDS = (
    ("nobody", gettext_noop("nobody")),
    ("first_secretary", gettext_noop("first secretaries")),
    ("everybody", gettext_noop("the whole team")),
)
