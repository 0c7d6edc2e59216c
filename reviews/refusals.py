"""What a stored code of refusal says, in the language of whoever reads it, and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEFT_OUT: dict[str, Promise] = {
    "accepted": _("Somebody accepted it meanwhile."),
    "answered": _("Somebody refused it or sent it back meanwhile."),
    "superseded": _("A newer proposal has taken its place. Look at that one."),
    "changed": _("The facts of the household changed after the review. It is being renewed."),
    "stale": _("The facts of the household changed after the review. It is being renewed."),
    "already_open": _("The household has an open case of this kind already."),
    "fault": _("It could not be accepted for a fault. Let the operator look at the workers' log."),
    "not_acceptable": _("There is nothing to accept: its kind opens no case."),
}
STOPPED: dict[str, Promise] = {
    "no_posting": _("The posting of the clerk who confirmed it has ended."),
    "wrong_role": _("The clerk who confirmed it does not hold that role any more."),
    "incompatible": _("The clerk who confirmed it holds a role by now that excludes this act."),
    "outside_posting": _("A proposal lies outside the posting of the clerk who confirmed it."),
    "not_committed": _("The review is not committed."),
    "cancelled": _("The review was cancelled."),
}


def why_left_out(code: str, message: str) -> str:
    """Why a batch left a proposal out; `message`, in the language of then, for an unknown code."""
    return str(LEFT_OUT.get(code, message))


def why_stopped(code: str) -> str:
    """Why a batch was stopped; an unknown code stands for itself."""
    return str(STOPPED.get(code, code))
