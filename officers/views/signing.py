"""Signing in and out, acting under another posting, choosing a password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officers.actions import set_own_password
from officers.forms import ChangePasswordForm, NewPasswordForm, SignInForm
from officers.middleware import POSTING_KEY
from officers.passwords import is_too_old
from officers.queries import acting_posting, postings_of
from trail.dates import business_date

CLEARED_AT_THE_END = '"cache", "storage"'


class Refusing:
    """Django's form views, but with status 400 where the entries are refused."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        answer = super().form_invalid(form)  # type: ignore[misc]
        answer.status_code = 400
        return answer


class SignIn(Refusing, LoginView):
    """Django's own view: checks `next`, renews the session, hides the password from reports."""

    form_class = SignInForm
    template_name = "officers/sign_in.html"
    redirect_authenticated_user = True


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """What somebody sees after too many failures in a row; called by django-axes."""
    wait = settings.AXES_COOLOFF_TIME
    context = {"minutes": int(wait.total_seconds() // 60), "failures": settings.AXES_FAILURE_LIMIT}
    answer = render(request, "officers/locked.html", context, status=429)
    answer["Retry-After"] = str(int(wait.total_seconds()))
    return answer


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = CLEARED_AT_THE_END
    return response


@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("posting", "")
    chosen = int(wanted) if wanted.isascii() and wanted.isdecimal() else 0
    posting = acting_posting(request.user, chosen)
    if posting is None or posting.pk != chosen:
        raise Http404
    request.session[POSTING_KEY] = chosen
    request.session.cycle_key()
    messages.success(request, _("You now act as %(posting)s.") % {"posting": posting})
    return redirect("pages:home")


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    context = {"postings": postings_of(request.user), "today": business_date()}
    return render(request, "officers/account.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        officer = set_own_password(request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, officer)
        messages.success(request, _("The password is changed. Your other sessions are ended."))
        return redirect("officers:account")
    context = {"form": form, "too_old": is_too_old(request.user, timezone.now())}
    return render(request, "officers/password.html", context, status=400 if form.errors else 200)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Reset(Refusing, PasswordResetConfirmView):
    """The page behind a one-time link: the token moves from the address into the session first."""

    form_class = NewPasswordForm
    template_name = "officers/reset.html"
    success_url = reverse_lazy("officers:sign_in")

    def form_valid(self, form: SetPasswordForm) -> HttpResponseRedirect:
        set_own_password(form.user, form.cleaned_data["new_password1"])
        del self.request.session["_password_reset_token"]
        messages.success(self.request, _("The password is set. Sign in with it."))
        return HttpResponseRedirect(str(self.success_url))
