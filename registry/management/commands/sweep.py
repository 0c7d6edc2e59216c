from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from assistance.actions import gap_runs
from households.importing import batches
from reviews.actions.sweeping import sweep


class Command(BaseCommand):
    help = (
        "Carry on, in this process, whatever a crash left behind: imports, reviews and searches for"
        " policy gaps under way; renew the proposals of finished reviews whose facts changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = batches.unfinished()
        for batch in waiting:
            batches.judge_batch(batch.pk)
            batches.save_batch(batch.pk)
        searches = gap_runs.unfinished()
        for run_id in searches:
            gap_runs.drive(run_id)
        driven, renewed = sweep()
        self.stdout.write(
            _(
                "Carried on: %(imports)s imports, %(driven)s reviews, %(searches)s gap searches."
                " Renewed: %(renewed)s reviews."
            )
            % {
                "imports": len(waiting),
                "driven": len(driven),
                "searches": len(searches),
                "renewed": len(renewed),
            }
        )
