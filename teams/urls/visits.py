"""Routes of visits, of the lists by last visit, of tasks, and of the work log."""

from django.urls import path

from teams.views import todo, unvisited, visits, worklog

urlpatterns = [
    path("households/", visits.my_households, name="households"),
    path("households/<str:number>/visits/", visits.of_household, name="household_visits"),
    path("households/<str:number>/visits/new/", visits.record, name="visit_new"),
    path("visits/", visits.index, name="visits"),
    path("visits/months/", unvisited.months, name="visit_months"),
    path("visits/<uuid:visit>/", visits.page, name="visit"),
    path("visits/<uuid:visit>/withdraw/", visits.withdraw, name="visit_withdraw"),
    path("unvisited/", unvisited.unvisited, name="unvisited"),
    path("unvisited/households/", unvisited.households, name="unvisited_households"),
    path("tasks/", todo.index, name="tasks"),
    path("tasks/of/<str:code>/new/", todo.new, name="task_new"),
    path("tasks/<uuid:task>/", todo.page, name="task"),
    path("tasks/<uuid:task>/close/", todo.close, name="task_close"),
    path("tasks/<uuid:task>/person/", todo.reassign, name="task_reassign"),
    path("tasks/<uuid:task>/day/", todo.move, name="task_move"),
    path("log/", worklog.index, name="log"),
    path("log/new/", worklog.write, name="log_new"),
]
