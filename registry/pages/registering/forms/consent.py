"""Step 6: that the household applies, and how it agreed."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from households.entry import fields
from households.entry.content import Value
from households.models import Consent
from identification.models import Application
from registry.pages.registering.forms.base import StepForm, Work, entered

APPLICATION = ("applies", "applied_on", "applicant", "statement", "kin_of_official")


class ConsentForm(StepForm):
    """The application, which a new household makes, and the consent, which each needs."""

    step = fields.CONSENT
    value_names = tuple(fields.BY_STEP[fields.CONSENT])

    @classmethod
    def suggested(cls, work: Work) -> Mapping[str, Value]:
        """Today and the householder; a household on record does not apply again."""
        today = work.today.isoformat()
        signer = {"consent_on": today, "signer": work.content.head.get("name", "")}
        if work.known:
            return signer
        return {"applies": "1", "applied_on": today, "applicant": "head", **signer}

    def made_fields(self) -> dict[str, forms.Field]:
        known = fields.BY_STEP[self.step]
        made = super().made_fields()
        made["applicant"] = entered(known["applicant"], choices=[*Application.APPLICANTS])
        made["way"] = entered(known["way"], choices=[*Consent.WAYS])
        made["statement"].widget = forms.Textarea(attrs={"rows": 3})
        for name in ("applied_on", "consent_on"):
            made[name].help_text = _("As %(today)s") % {"today": self.work.today.isoformat()}
        return made

    @property
    def application_fields(self) -> list[forms.BoundField]:
        """What the household applies with."""
        return [self[name] for name in APPLICATION]

    @property
    def consent_fields(self) -> list[forms.BoundField]:
        """How it agreed."""
        return [self[name] for name in self.value_names if name not in APPLICATION]
