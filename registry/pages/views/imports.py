"""Withdrawing an import: the register's act, held against what the apps above know."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from households import tasks
from households.importing.forms import WithdrawForm
from households.importing.withdrawing import withdraw_batch
from households.views.imports import batch_of
from officers.http import OfficerRequest
from registry.pages.queries.imports import rests_on


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OfficerRequest, batch_id: int) -> HttpResponse:
    batch = batch_of(request, batch_id)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        withdraw_batch(batch, by=request.user, reason=reason, rests_on=rests_on)
        tasks.nudge_later(tasks.check_import, batch.pk)
        messages.success(request, _("The import is withdrawn. Its numbers and persons are free."))
        return redirect("importing:batch", batch.pk)
    context = {"batch": batch, "form": form}
    return render(
        request, "households/import_withdraw.html", context, status=400 if form.errors else 200
    )
