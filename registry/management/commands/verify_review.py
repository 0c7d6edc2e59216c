import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from officers.models import Officer
from reviews.actions.verifying import verify_review
from reviews.models import Review, Verification
from reviews.queries.proofs import examples_of
from trail.errors import Refused

DIFFERENT, REFUSED = 1, 2


class Command(BaseCommand):
    help = (
        "Recompute a whole review from the inputs that it stored and compare every proposal, the"
        " evidence of each accepted one, and the three hashes. Exit status 0 the same, 1 different,"
        " 2 refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, help="number of the review")
        parser.add_argument("--by", default="operator", help="user name of the acting officer")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            by = Officer.objects.get_by_natural_key(options["by"])
            verification = verify_review(options["number"], by=by)
        except Officer.DoesNotExist:
            problem = _("There is no officer %(username)s.") % {"username": options["by"]}
            raise CommandError(problem, returncode=REFUSED) from None
        except Review.DoesNotExist:
            problem = _("There is no review %(number)s.") % {"number": options["number"]}
            raise CommandError(problem, returncode=REFUSED) from None
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        self._summarise(verification)
        if not verification.is_same:
            sys.exit(DIFFERENT)

    def _summarise(self, verification: Verification) -> None:
        review = verification.review
        self.stdout.write(
            _("%(proposals)s proposals recomputed, %(differences)s differ.")
            % {
                "proposals": f"{verification.proposals:,}",
                "differences": f"{verification.differences:,}",
            }
        )
        for label, name in (
            (_("Facts"), "input_hash"),
            (_("Standard"), "standard_hash"),
            (_("Result"), "result_hash"),
        ):
            again = getattr(verification, name)
            same = _("the same") if again == getattr(review, name) else _("differs")
            self.stdout.write(f"{label}: {again} {same}")
        for one in examples_of(verification):
            self.stdout.write(f"{one.what} · {one.label}: {one.stored} → {one.recomputed}")
