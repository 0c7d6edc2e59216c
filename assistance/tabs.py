"""The pages of the section, as its second menu offers them to a role."""

from officers.sections import Group

GROUPS: tuple[Group, ...] = ()
"""In the order of the menu."""
