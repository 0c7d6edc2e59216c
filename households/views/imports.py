"""Imports: the list, the upload, one batch on its way, and the files to download."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households import tasks
from households.importing import batches, downloads
from households.importing.forms import TemplateForm, UploadForm
from households.importing.importers import require_importer
from households.importing.pages import batch_page, own_village
from households.models import ImportBatch
from officers.http import OfficerRequest

PAGE_ROWS = 50


def batch_of(request: OfficerRequest, batch_id: int) -> ImportBatch:
    """The batch of the address, within the officer's posting, else 404."""
    visible = ImportBatch.objects.visible_to(request.user).select_related("imported_by", "division")
    batch: ImportBatch = get_object_or_404(visible, pk=batch_id)
    require_importer(request.user)
    return batch


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    require_importer(request.user)
    visible = ImportBatch.objects.visible_to(request.user).select_related("imported_by", "division")
    page = Paginator(visible.order_by("-id"), PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "households/import_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: OfficerRequest) -> HttpResponse:
    require_importer(request.user)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        batch = batches.upload(by=request.user, **form.arguments())
        tasks.nudge_later(tasks.judge_import, batch.pk)
        return redirect("importing:batch", batch.pk)
    template = TemplateForm(initial={"village": own_village(request.user)})
    context = {"form": form, "template": template}
    return render(
        request, "households/import_upload.html", context, status=400 if form.errors else 200
    )


@require_safe
def batch(request: OfficerRequest, batch_id: int) -> HttpResponse:
    page = batch_page(batch_of(request, batch_id), request.user)
    return render(request, "households/import_batch.html", page)


@require_POST
def confirm(request: OfficerRequest, batch_id: int) -> HttpResponse:
    confirmed = batches.confirm(batch_of(request, batch_id), by=request.user)
    tasks.nudge_later(tasks.save_import, confirmed.pk)
    messages.success(request, _("Saving has begun. It goes on when you leave this page."))
    return redirect("importing:batch", confirmed.pk)


@require_safe
def faulty_rows(request: OfficerRequest, batch_id: int, form: str) -> HttpResponse:
    found = batch_of(request, batch_id)
    content = downloads.faulty_rows(found, by=request.user, form=form)
    return _download(content, f"import-{found.pk}-faulty.{form}")


@require_safe
def template(request: OfficerRequest, form: str) -> HttpResponse:
    require_importer(request.user)
    return _download(downloads.empty_template(form=form), f"register-template.{form}")


@require_POST
def filled_template(request: OfficerRequest) -> HttpResponse:
    require_importer(request.user)
    asked = TemplateForm(request.POST)
    if not asked.is_valid():
        context = {"form": asked, "template": asked, "upload": UploadForm()}
        return render(request, "households/import_template.html", context, status=400)
    form = asked.cleaned_data["form"]
    village = asked.cleaned_data["village"]
    content = downloads.filled_template(by=request.user, village=village, form=form)
    return _download(content, f"register-{village}.{form}")


TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
