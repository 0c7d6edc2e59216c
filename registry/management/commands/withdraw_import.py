from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from households.importing.forms import WithdrawForm
from households.importing.withdrawing import withdraw_batch
from households.models import ImportBatch
from officers.models import Officer
from registry.pages.queries.imports import rests_on
from trail.errors import Refused

REFUSED = 2


class Command(BaseCommand):
    help = "Withdraws a saved import, see docs/import.md. Exit status 2: refused, nothing changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("batch", type=int, help="number of the import")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--by", default="operator", help="user name of the acting officer")

    def handle(self, *args: Any, **options: Any) -> None:
        form = WithdrawForm({"reason": options["reason"]})
        if not form.is_valid():
            raise self._refused(" ".join(map(str, form.errors["reason"])))
        try:
            by = Officer.objects.get(username__iexact=options["by"], is_active=True)
            batch = ImportBatch.everywhere.get(pk=options["batch"])
            withdraw_batch(batch, by=by, reason=form.cleaned_data["reason"], rests_on=rests_on)
        except Officer.DoesNotExist:
            raise self._refused(_("There is no officer %s.") % options["by"]) from None
        except ImportBatch.DoesNotExist:
            text = _("There is no import %(number)s.") % {"number": options["batch"]}
            raise self._refused(text) from None
        except Refused as refused:
            raise self._refused(refused.message) from None
        self.stdout.write(_("The import is withdrawn. Its numbers and persons are free."))

    def _refused(self, message: str) -> CommandError:
        return CommandError(message, returncode=REFUSED)
