"""What a view behind the sign-in is given."""

from django.http import HttpRequest

from officers.models import Officer


class OfficerRequest(HttpRequest):
    """A request whose sender has signed in, as LoginRequiredMiddleware sees to it."""

    user: Officer
