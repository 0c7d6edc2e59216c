"""Help that anybody may read: the keys of the pages, and how to print from a browser."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def keyboard(request: HttpRequest) -> HttpResponse:
    return render(request, "help/keyboard.html")


@login_not_required
@require_safe
def printing(request: HttpRequest) -> HttpResponse:
    return render(request, "help/printing.html")
