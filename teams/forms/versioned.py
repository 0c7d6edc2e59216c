"""Forms about a row that somebody else may change meanwhile."""

from django.http import QueryDict

from teams.forms.judged import JudgedForm, version_field


class VersionedForm(JudgedForm):
    """A form that carries the version of the row that the officer saw."""

    version = version_field()

    def see(self, version: int) -> None:
        """Let what was typed stand against `version`: the officer has now seen what that holds."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = str(version)
        self.data = data
