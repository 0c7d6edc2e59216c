"""Edges reach rows only by `Model.objects.visible_to(officer)`."""

import ast

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.forms import BaseForm, ModelChoiceField

from divisions.models import Division
from divisions.scope import ScopedManager
from officers.models import Officer
from tests.unit.architecture.source import APPS, EDGES, Module, module_of, modules, name_of

PERSONAL = ("Officer", "Posting", "PostingRequest")
WAYS_AROUND = {"everywhere", "_base_manager", "_default_manager"}
OWN_MODELS = [model for model in apps.get_models() if model._meta.app_label in APPS]
SCOPED = [
    model
    for model in OWN_MODELS
    if isinstance(model._meta.managers_map.get("objects"), ScopedManager)
]
REACHED_BY_SCOPE = {model.__name__ for model in SCOPED} | set(PERSONAL)
EDGE_MODULES = [module for module in modules() if module.is_one_of(EDGES)]
SCOPED_QUERIES = {
    function.name
    for module in modules()
    if module.is_one_of(("queries",))
    for function in module.tree.body
    if isinstance(function, ast.FunctionDef)
    and "visible_to" in {name_of(node) for node in ast.walk(function)}
}
"""Functions of queries modules that begin with what the officer may see."""


def ways_around(module: Module) -> list[str]:
    """Places where an edge reaches rows without saying for whom."""
    parents = {
        child: node for node in ast.walk(module.tree) for child in ast.iter_child_nodes(node)
    }
    found = []
    for node in module.nodes(ast.Attribute):
        if node.attr in WAYS_AROUND:
            found.append(f"{module.at(node)} .{node.attr}")
        if node.attr == "objects" and name_of(node.value) in REACHED_BY_SCOPE:
            asked = parents.get(node)
            if not (isinstance(asked, ast.Attribute) and asked.attr in ("visible_to", "none")):
                found.append(f"{module.at(node)} {name_of(node.value)}.objects")
    found += [
        f"{module.at(node)} getattr"
        for node in module.nodes(ast.Call)
        if name_of(node.func) == "getattr"
        and any(isinstance(one, ast.Constant) and one.value in WAYS_AROUND for one in node.args)
    ]
    return found


def loose_choices(module: Module) -> list[str]:
    """Relation fields whose queryset is not made by `visible_to`, such a query, or `none`."""
    calls = [
        keyword.value
        for node in module.nodes(ast.Call)
        for keyword in node.keywords
        if keyword.arg == "queryset"
    ]
    assigned = [
        node.value
        for node in module.nodes(ast.Assign)
        if any(name_of(target) == "queryset" for target in node.targets)
    ]
    return [module.at(value) for value in [*calls, *assigned] if not _is_scoped(value)]


def _is_scoped(value: ast.AST) -> bool:
    if isinstance(value, ast.Constant) and value.value is None:
        return True
    if isinstance(value, ast.Call) and name_of(value.func) in SCOPED_QUERIES:
        return True
    return bool({"visible_to", "none"} & {name_of(node) for node in ast.walk(value)})


def forms_of(kind: type[BaseForm]) -> list[type[BaseForm]]:
    """Every form class of the project."""
    below = [form for one in kind.__subclasses__() for form in [one, *forms_of(one)]]
    return [form for form in below if form.__module__.split(".")[0] in APPS]


def test_there_are_edges_and_scoped_models_to_look_at():
    assert len(EDGE_MODULES) > 10
    assert {"Household", "Case", "Review", "Proposal", "ImportBatch", "Notice"} <= REACHED_BY_SCOPE


def test_no_edge_reaches_rows_around_the_scope():
    assert [place for module in EDGE_MODULES for place in ways_around(module)] == []


@pytest.mark.parametrize(
    "source",
    [
        "Household.everywhere.all()",
        "models.Household.everywhere.get(pk=1)",
        "Household._base_manager.get()",
        "Household._default_manager.get()",
        "Household.objects.all()",
        "Officer.objects.get(pk=1)",
        "Posting.objects.filter(officer=1)",
        "rows = Case.objects",
        "getattr(Household, 'everywhere')",
    ],
)
def test_the_walk_sees_each_way_around(source):
    assert ways_around(module_of(source))


@pytest.mark.parametrize(
    "source",
    [
        "Household.objects.visible_to(officer)",
        "Officer.objects.none()",
        "Case.objects.visible_to(o).get()",
    ],
)
def test_the_walk_lets_the_scope_through(source):
    assert ways_around(module_of(source)) == []


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_no_reverse_name_leads_from_a_division_or_officer_to_a_scoped_row(model):
    relations = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    named = [
        field.name
        for field in relations
        if field.related_model in (Division, Officer) and not field.remote_field.hidden
    ]
    assert named == []


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_the_scope_column_is_the_rows_own_division(model):
    name = model.scope_column.removesuffix("_id")
    assert model._meta.get_field(name).related_model is Division
    assert model._default_manager.name == "everywhere"


def test_relation_fields_of_edges_name_a_scoped_queryset():
    assert [place for module in EDGE_MODULES for place in loose_choices(module)] == []


def test_the_walk_sees_a_loose_choice():
    assert loose_choices(module_of("f = ModelChoiceField(queryset=Division.objects.all())"))
    assert loose_choices(module_of("self.fields['x'].queryset = Officer.objects.all()"))
    assert loose_choices(module_of("self.fields['x'].queryset = everybody()"))
    assert not loose_choices(module_of("f = ModelChoiceField(queryset=X.objects.none())"))


def test_no_form_class_offers_rows_before_it_knows_the_officer():
    modules_of_forms = {".".join(one.parts) for one in modules() if one.is_one_of(("forms",))}
    for name in sorted(modules_of_forms):
        __import__(name.removesuffix(".__init__"))
    loose = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in forms_of(BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, ModelChoiceField)
        and field.queryset is not None
        and not field.queryset.query.is_empty()
    ]
    assert loose == []
