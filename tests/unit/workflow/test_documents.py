from django.conf import settings

from workflow.documents import procedures_document
from workflow.procedures import machines


def test_the_document_of_the_procedures_is_up_to_date():
    written = (settings.BASE_DIR / "docs/procedures.md").read_text(encoding="utf-8")
    assert written == procedures_document(), "run: .venv/bin/python manage.py write_procedures"


def test_the_document_names_every_step_and_state():
    document = procedures_document()
    for machine in machines():
        for state, label in machine.states.items():
            assert f"    {state}: {label}\n" in document
        for step in machine.steps:
            assert f"(`{step.name}`)" in document
