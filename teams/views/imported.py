"""The pages of an import: a file is checked and shown, its rows come back and are saved or kept.

What is judged and saved is the importing package of each app; its pages say which that is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from households.importing.reader import FileRefused
from officers.http import OfficerRequest
from officers.rights import require
from officers.rules import Role
from teams.importing.outcome import Choice
from trail.sheets import TYPES, FileForm

SHOWN = 200
"""So many faults stand on the page; the file to download has all of them."""


@dataclass(frozen=True)
class ImportPages:
    """One import: who may, its file form, the steps of its package, the template of its result.

    `say` words a fault by its code and values; `saves` gets table, officer and choice.
    """

    roles: tuple[Role, ...]
    form: type[forms.Form]
    result: str
    read_file: Callable[[bytes], Any]
    check: Callable[..., Any]
    saves: Callable[..., Any]
    carried: Callable[..., str]
    brought_back: Callable[..., Any]
    faulty_rows: Callable[..., bytes]
    say: Callable[[str, Mapping[str, Any]], Any]

    def checked(self, request: OfficerRequest) -> tuple[forms.Form, HttpResponse | None]:
        """The form of the file, and what was found in it: None while the form stands."""
        require(request.user, *self.roles)
        posted = request.method == "POST"
        form = self.form(request.POST, request.FILES) if posted else self.form()
        if not form.is_valid():
            return form, None
        try:
            table = self.read_file(form.cleaned_data["file"].read())
        except FileRefused as refused:
            form.add_error("file", str(refused))
            return form, None
        return form, self._shown(request, self.check(table, by=request.user))

    def save(self, request: OfficerRequest) -> HttpResponse:
        """Save the rows that were checked, as they are judged now; 409 where nothing is saved."""
        table = self._table(request)
        choice = request.POST.get("choice", Choice.ALL)
        outcome = self.saves(table, by=request.user, choice=choice)
        return self._shown(request, outcome, status=409 if outcome.saved is None else 200)

    def faulty(self, request: OfficerRequest, name: str, form: FileForm) -> HttpResponse:
        """The rows that are left out, with what is wrong, as a file."""
        outcome = self.check(self._table(request), by=request.user)
        return as_download(self.faulty_rows(outcome, form=form), name, form)

    def _table(self, request: OfficerRequest) -> Any:
        require(request.user, *self.roles)
        return self.brought_back(request.POST.get("rows", ""), by=request.user)

    def _shown(self, request: OfficerRequest, outcome: Any, *, status: int = 200) -> HttpResponse:
        faults, layout, counts = outcome.faults, outcome.table.layout, outcome.counts
        context = {
            "outcome": outcome,
            "saved": outcome.saved is not None,
            "refused": status != 200,
            "rows": len(outcome.verdicts),
            "new": counts["new"],
            "changed": counts["changed"],
            "unchanged": counts["unchanged"],
            "faulty": counts["faulty"],
            "to_save": counts["new"] + counts["changed"],
            "unknown": [heading for heading in layout.unknown if heading],
            "faults": [
                {
                    "record": one.record,
                    "column": layout.heading(one.column),
                    "value": one.value,
                    "reason": self.say(one.code, one.params),
                }
                for one in faults[:SHOWN]
            ],
            "faults_in_all": len(faults),
            "carried": self.carried(outcome.table, by=request.user),
        }
        return render(request, self.result, context, status=status)


def as_download(content: bytes, name: str, form: FileForm) -> HttpResponse:
    """A file to keep, by its name without ending."""
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
