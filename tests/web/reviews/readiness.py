"""What the tests of readiness share: households with a survey and without, and the addresses."""

from households.rules import State
from tests import factories as make

URL, HOUSEHOLDS = "/reviews/readiness/", "/reviews/readiness/households/"
FILE, COUNT = "/reviews/readiness/download/", "/reviews/readiness/count/"


def surveyed(village=make.VILLAGE, year=2019, **facts):
    household = make.make_household(village, state=State.POOR)
    make.make_survey(household, year, **facts)
    return household


def missing(village=make.VILLAGE):
    return make.make_household(village, state=State.POOR)


def at(code=make.COUNTY, year=2019, url=URL, **more) -> str:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{url}?year={year}&division={code}{query}"
