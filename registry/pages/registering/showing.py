"""How entered values read on a page: labels for codes, numbers of people masked."""

from households import codes
from households.entry import fields
from households.entry.content import Value
from households.entry.fields import Field
from households.incomes import items
from households.models import Consent
from identification.models import Application
from trail.masking import mask_id, mask_phone

MASKS = {"id_number": mask_id, "phone": mask_phone, "bank_account": mask_phone}
WORDS = {"applicant": dict(Application.APPLICANTS), "way": dict(Consent.WAYS)}


def field_of(step: str, name: str) -> Field | None:
    """The entered field of that name in a step or its lines."""
    known = fields.BY_STEP[step].get(name)
    return known or (fields.LINES.get(name) if step == fields.INCOMES else None)


def shown(step: str, name: str, value: Value) -> str:
    """The value in words; what is no code of its list, as typed."""
    if isinstance(value, list):
        return "; ".join(shown(step, name, one) for one in value)
    one = field_of(step, name)
    if one and one.codes and value:
        return codes.label(one.codes, value)
    if step == fields.INCOMES and name == "kind" and value in fields.BY_STEP[step]:
        return str(fields.BY_STEP[step][value].label)
    if name == "item" and value in items():
        return str(items()[value])
    if name in WORDS:
        return str(WORDS[name].get(value, value))
    return value


def masked(step: str, name: str, value: Value) -> str:
    """Like `shown`, with numbers of people masked."""
    text = shown(step, name, value)
    return MASKS[name](text) if name in MASKS and text else text
