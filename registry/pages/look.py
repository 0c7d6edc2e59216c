"""How a visitor likes the pages: large print, dense tables, no single keys. Kept in a cookie."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

COOKIE = "look"
YEAR_SECONDS = 365 * 24 * 3600
CHOICES = ("large", "dense", "nokeys")


@dataclass(frozen=True)
class Look:
    large: bool = False
    dense: bool = False
    nokeys: bool = False

    @property
    def classes(self) -> str:
        """Classes of the html element."""
        return " ".join(name for name in CHOICES if getattr(self, name))


def look_of(request: HttpRequest) -> Look:
    """The look that the visitor's cookie names; unknown words are ignored."""
    chosen = set(request.COOKIES.get(COOKIE, "").split("."))
    return Look(**{name: name in chosen for name in CHOICES})


def keep_look(response: HttpResponse, look: Look) -> None:
    """Put the look into the visitor's cookie for a year."""
    response.set_cookie(
        COOKIE,
        look.classes.replace(" ", "."),
        max_age=YEAR_SECONDS,
        samesite="Lax",
        httponly=True,
    )
