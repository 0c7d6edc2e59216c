"""The procedures as a document: docs/procedures.md, generated from the machines."""

from collections.abc import Iterable, Sequence

from workflow.machine import Evidence, Machine, Step, Way
from workflow.parameter_kinds import Setting
from workflow.parameters import PARAMETERS
from workflow.procedures import machines

HEAD = """\
# Procedures

Written by `manage.py write_procedures` from the machines that the program runs; do not edit.

A case moves by its steps alone. Whoever takes one must hold one of its roles, be posted where the
case lies, and be none of the hands that the step excludes ("open": who proposed the case, "amend":
who replaced its facts, "facts": who ever recorded them; nobody decides on facts that he recorded).
A step that posts a notice holds the case until the day after its last day, and while an objection
is open; the day of posting does not count. An objection received within these days is put on record
until the case is decided, and an open one holds every decision. Nobody resolves an objection that
he recorded, or one to a case that he prepared. A withdrawal is possible at any time. A **decision**
keeps facts, standard, finding and their digest, and is refused when the facts of the household
changed since. Facts that stood on a notice or were decided on are not replaced before a return;
where steps rest on them already, replacing them sends the case back, and these are taken again. A
step that wants a "reason for a flagged case" is refused without one while a flag holds the case,
whoever asks for it; flags with their figures and the reason stay with the decision.
"""
WAYS = {
    Way.FORWARD: "",
    Way.RETURN: "return",
    Way.REJECT: "refusal",
    Way.WITHDRAW: "withdrawal",
}
SET_BY = {
    Setting.FREE: "province, city, county",
    Setting.STRICTER: "province, city, county; a nearer one asks for no less",
    Setting.BY_TWO: "the province, by two officers",
}


def procedures_document() -> str:
    """The whole document, in English, one section for each machine in the order of its kinds."""
    parts = [HEAD, *(section(machine) for machine in machines()), parameter_section()]
    return "\n".join(parts)


def section(machine: Machine) -> str:
    """Diagram and table of one machine."""
    return "\n".join(
        [
            f"## {machine.label} (`{machine.kind}`)",
            "",
            f"Proposed by: {role_names(machine.openers)}.",
            "",
            *diagram(machine),
            "",
            *step_table(machine),
            "",
            *objection_line(machine),
            *restart_list(machine),
            *deadline_list(machine),
        ]
    )


def objection_line(machine: Machine) -> list[str]:
    """Who hears objections to the notices of a machine; nothing where it posts none."""
    if not any(step.notice for step in machine.steps):
        return []
    recorders = role_names(machine.objection_recorders)
    resolvers = role_names(machine.objection_resolvers)
    preparing = ", ".join(sorted(machine.preparing))
    return [
        f"Objections are recorded by: {recorders}; resolved by: {resolvers}, and by nobody who"
        f" recorded the facts, posted the notice, or took {preparing}.",
        "",
    ]


def restart_list(machine: Machine) -> list[str]:
    """Where a case goes when its facts are replaced; nothing where it stays."""
    if not machine.restarts:
        return []
    moves = [
        f"from “{machine.states[source]}” to “{machine.states[target]}”"
        for source, target in machine.restarts.items()
    ]
    return [f"Replaced facts send a case back: {', '.join(moves)}.", ""]


def deadline_list(machine: Machine) -> list[str]:
    """Which parameter says how long a case stays where; nothing for a machine without deadlines."""
    rows = [f"- {machine.states[state]}: `{key}`" for state, key in machine.deadlines.items()]
    rows += [
        f"- {machine.states[key_of[0]]} after {step.label.lower()}: `{step.deadline}`"
        for key_of, step in {(s.target, s.deadline): s for s in machine.steps if s.deadline}.items()
    ]
    return ["Days until the next step is due:", "", *rows, ""] if rows else []


def diagram(machine: Machine) -> list[str]:
    """A Mermaid state diagram; withdrawals carry no name."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {label}" for state, label in machine.states.items()]
    lines += [f"    [*] --> {state}" for state in dict.fromkeys(machine.starts.values())]
    lines += [
        f"    {step.source} --> {step.target}: {step.name}"
        for step in machine.steps
        if step.way != Way.WITHDRAW
    ]
    leavable = [step.source for step in machine.steps if step.way == Way.WITHDRAW]
    lines += [f"    {state} --> withdrawn" for state in leavable]
    lines += [f"    {state} --> [*]" for state in machine.states if state in machine.final_states()]
    return [*lines, "```"]


def step_table(machine: Machine) -> list[str]:
    """Every step with who takes it, what it needs, its notice and whom it excludes."""
    head = [
        "| From | Step | To | Taken by | Needs | Notice (days) | Not by who took |",
        "|---|---|---|---|---|---|---|",
    ]
    return head + [step_row(machine, step) for step in machine.steps]


def step_row(machine: Machine, step: Step) -> str:
    """One line of the table of steps."""
    marks = [word for word in (WAYS[step.way], "**decision**" if step.decides else "") if word]
    name = f"{step.label} (`{step.name}`)" + (f": {', '.join(marks)}" if marks else "")
    needs = [
        wanted.label.lower()
        + (" (optional)" if wanted.optional else "")
        + day_order(machine, wanted)
        for wanted in step.needs_evidence
    ]
    if step.needs_note:
        needs.append("reason")
    if step.answers_flags:
        needs.append("reason for a flagged case")
    cells = [
        machine.states[step.source],
        name,
        machine.states[step.target],
        role_names(step.roles),
        ", ".join(needs),
        f"`{step.notice}`" if step.notice else "",
        ", ".join(sorted(step.not_same_hand_as | ({"facts"} if step.vouches else set()))),
    ]
    return f"| {' | '.join(cells)} |"


def day_order(machine: Machine, wanted: Evidence) -> str:
    """What a day follows: a state, or another day of the procedure."""
    if not wanted.not_before:
        return ""
    if wanted.not_before == wanted.name:
        return " (not before the earlier one)"
    known = {one.name: one.label.lower() for step in machine.steps for one in step.needs_evidence}
    state = machine.states.get(wanted.not_before)
    return f" (not before {f'“{state}”' if state else f'the {known[wanted.not_before]}'})"


def parameter_section() -> str:
    """The parameters that procedures read."""
    rows = [
        f"| `{key}` | {known.label} | {known.limits} | {SET_BY[known.setting]} |"
        for key, known in PARAMETERS.items()
    ]
    return "\n".join(
        [
            "## Parameters",
            "",
            "The nearest division that speaks wins: county, city, province, nation; there the",
            "latest year not after the asked one; there the highest version. Where a nearer one",
            "asks for no less, the highest value of them all holds. What counties are judged by is",
            "set by the province: one officer writes a version, the province approver confirms it.",
            "",
            "| Key | Meaning | Limits | Set by |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def role_names(roles: Iterable[str]) -> str:
    """Role names in plain English, sorted."""
    names: Sequence[str] = sorted(role.replace("_", " ") for role in roles)
    return ", ".join(names)
