"""What waits for a posting, told to the account administrator who ends it or hands it over."""

from copy import copy

from officers.models import Posting
from officers.waiting import Waiting
from registry.pages.queries.home import tasks_of


def waits_for(posting: Posting) -> list[Waiting]:
    """The tasks that the holder of the posting would find on his home page, by number alone."""
    holder = copy(posting.officer).act_as(posting)
    return [Waiting(str(task.title), task.figure) for task in tasks_of(holder) if task.count]
