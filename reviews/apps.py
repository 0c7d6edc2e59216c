from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from reviews.procedure import UNDO
from workflow.procedures import register, weigh_by


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = _("Annual review")

    def ready(self) -> None:
        register(UNDO)
        weigh_by("exits.queries.risk.weighed", UNDO.kind)
