"""The page of a subject's evidence, the file of one piece, and taking one away."""

import io
import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from households.actions.evidence import take_evidence_away
from officers.http import OfficerRequest
from registry.pages.evidence.forms import EvidenceForm
from registry.pages.evidence.subjects import Subject, files_of, subject_of
from trail.errors import NotAllowed, Refused
from workflow import evidence_store
from workflow.actions.attachments import attach
from workflow.models import Attachment
from workflow.pictures import JPEG, small


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: OfficerRequest, kind: str, key: str) -> HttpResponse:
    """The files of a subject, and adding some."""
    subject = subject_of(request.user, kind, key)
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        purposes=subject.purposes,
        initial={"purpose": request.GET.get("purpose", "")},
    )
    if (
        request.method == "POST"
        and subject.may_add
        and form.is_valid()
        and _added(request, subject, form)
    ):
        return redirect(subject.url)
    context = {
        "subject": subject,
        "files": files_of(request.user, subject),
        "form": form if subject.may_add else None,
    }
    return render(request, "evidence/page.html", context, status=400 if form.errors else 200)


def _added(request: OfficerRequest, subject: Subject, form: EvidenceForm) -> bool:
    """Whether all files were kept; a refused one stands at the field, the others are kept."""
    kept = 0
    for upload in form.cleaned_data["uploads"]:
        try:
            attach(
                upload.read(),
                by=request.user,
                division=subject.division,
                subject_kind=subject.kind,
                subject_id=subject.key,
                purpose=form.cleaned_data["purpose"],
                year=subject.year,
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("uploads", refusal.message)
        else:
            kept += 1
    if kept:
        said = ngettext("%(count)s file is kept.", "%(count)s files are kept.", kept)
        messages.success(request, said % {"count": kept})
    return not form.errors


def _reached(request: OfficerRequest, file: uuid.UUID) -> tuple[Attachment, Subject]:
    """A standing piece of evidence whose subject the officer reaches as well, else 404."""
    visible = Attachment.objects.visible_to(request.user).standing()
    found = get_object_or_404(visible, uuid=file)
    return found, subject_of(request.user, found.subject_kind, found.subject_id)


@require_safe
def evidence_file(request: OfficerRequest, file: uuid.UUID) -> HttpResponseBase:
    """The photo in the page, small where `size` says so, or the PDF to be saved."""
    found, _subject = _reached(request, file)
    content = evidence_store.kept(found.uuid)
    if content is None:
        raise Http404
    photo = found.media_type == JPEG
    if photo and request.GET.get("size") == "small":
        content = small(content)
    name = f"{found.purpose}-{found.pk}.{'jpg' if photo else 'pdf'}"
    response = FileResponse(
        io.BytesIO(content), content_type=found.media_type, as_attachment=not photo, filename=name
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_removal(request: OfficerRequest, file: uuid.UUID) -> HttpResponse:
    """Take a piece away, asked once more on its own page."""
    found, subject = _reached(request, file)
    if not subject.may_add:
        raise NotAllowed(_("Nothing is taken away here any more."), code="closed")
    if request.method == "POST":
        take_evidence_away(found.pk, by=request.user)
        messages.success(request, _("The file is taken away."))
        return redirect(subject.url)
    context = {"file": found, "subject": subject, "purpose": subject.purposes.get(found.purpose)}
    return render(request, "evidence/remove.html", context)
