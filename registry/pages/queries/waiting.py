"""What waits for a posting, told to the account administrator who ends it or hands it over."""

from copy import copy

from officers.models import Posting
from officers.waiting import Waiting
from registry.pages.queries.home import Task, tasks_of


def waits_for(posting: Posting) -> list[Waiting]:
    """The tasks that the holder of the posting would find on his home page, by number alone."""
    holder = copy(posting.officer).act_as(posting)
    waiting = [task for task in tasks_of(holder) if task.count]
    return [Waiting(str(one.title), _figure(one)) for one in waiting]


def _figure(task: Task) -> str:
    """How many, and how many of them are late."""
    return f"{task.figure} ({task.note})" if task.note else task.figure
