"""Who takes which step from where, written from the domain reference and not from the machines.

§7.2 and §7.4 for households, §7.1 and §7.3 for places, §5.2 and §5.3 for the way onto the register,
§8.3 for the watch. A line says: state, step, state after it, who takes it, and after a bar whose
earlier hand in the case keeps him from it. Nobody approves what he proposed, changed, prepared or
checked; nobody checks what he prepared; a return or a withdrawal is open to whoever holds the case.
"""

from dataclasses import dataclass

from officers.rules import Role

LETTERS = {
    "V": Role.VILLAGE_OFFICIAL,
    "M": Role.TEAM_MEMBER,
    "T": Role.TOWNSHIP_REVIEWER,
    "C": Role.COUNTY_CLERK,
    "A": Role.COUNTY_APPROVER,
    "I": Role.CITY_REVIEWER,
    "O": Role.PROVINCE_OFFICER,
    "P": Role.PROVINCE_APPROVER,
}
GROUPS = {
    "proposer": "open amend",
    "exit_prepared": "proposer appraise verify confirm refuse disagree answer post",
    "exit_decided": "exit_prepared check doubt",
    "removal_prepared": "proposer verify appraise post",
    "village_prepared": "proposer record judge verify post",
    "county_prepared": "proposer record report review verify post evaluate",
    "applied": "proposer apply visit appraise post",
    "checked": "compare record_comparison judge_red_line review recheck",
    "refusal": "refuse_visit refuse_red_line vote_down reject",
    "watched": "proposer verify appraise post",
    "cleared": "proposer clear post_clear",
}
"""Hands that are named together."""

EXIT = """
    proposed   plan           planned    A   | proposer
    proposed   reject         rejected   A   | proposer
    planned    appraise       appraised  VM  | proposer
    planned    vote_down      rejected   VM  | proposer
    appraised  verify         verified   TM  | proposer appraise
    verified   confirm        confirmed  VM  | proposer
    verified   refuse         refused    VM  | proposer
    verified   disagree       planned    VM  | proposer
    refused    answer         answered   T   | proposer verify refuse disagree
    confirmed  post           noticed    VM  |
    answered   post           noticed    VM  |
    noticed    check          checked    T   | exit_prepared
    noticed    return         planned    T   |
    noticed    reject         rejected   T   | exit_prepared
    checked    approve        approved   A   | exit_decided
    checked    approve_first  seconded   A   | exit_decided
    checked    doubt          doubted    A   | exit_decided
    checked    return         planned    A   |
    checked    reject         rejected   A   | exit_decided
    doubted    approve        approved   A   | exit_decided
    doubted    approve_first  seconded   A   | exit_decided
    doubted    return         planned    A   |
    doubted    reject         rejected   A   | exit_decided
    seconded   approve        approved   A   | exit_prepared check approve_first
    seconded   return         planned    A   |
    seconded   reject         rejected   A   | exit_prepared check approve_first
    approved   announce       announced  VMT |
    proposed   withdraw       withdrawn  VMC |
    planned    withdraw       withdrawn  VMC |
    appraised  withdraw       withdrawn  VMC |
    verified   withdraw       withdrawn  VMC |
    confirmed  withdraw       withdrawn  VMC |
    refused    withdraw       withdrawn  VMC |
    answered   withdraw       withdrawn  VMC |
    noticed    withdraw       withdrawn  VMC |
    checked    withdraw       withdrawn  VMC |
    doubted    withdraw       withdrawn  VMC |
    seconded   withdraw       withdrawn  VMC |
"""
REVOCATION = """
    proposed   check         checked    T   | proposer approve_exit sign_exit
    checked    revoke_first  seconded   A   | proposer check approve_exit
    checked    reject        rejected   A   | proposer check approve_exit
    seconded   revoke        revoked    A   | proposer check revoke_first
    seconded   reject        rejected   A   | proposer check revoke_first approve_exit
    proposed   withdraw      withdrawn  C   |
    checked    withdraw      withdrawn  C   |
    seconded   withdraw      withdrawn  C   |
"""
REMOVAL = """
    proposed   verify     verified   T   | proposer
    verified   appraise   appraised  VM  | proposer
    verified   vote_down  rejected   VM  | proposer
    appraised  post       noticed    VM  |
    noticed    check      checked    T   | proposer appraise post
    noticed    reject     rejected   T   | removal_prepared
    checked    approve    removed    A   | removal_prepared check
    checked    reject     rejected   A   | removal_prepared check
    checked    return     proposed   A   |
    proposed   withdraw   withdrawn  VMC |
    verified   withdraw   withdrawn  VMC |
    appraised  withdraw   withdrawn  VMC |
    noticed    withdraw   withdrawn  VMC |
    checked    withdraw   withdrawn  VMC |
"""
VILLAGE_EXIT = """
    proposed   verify    verified   C   | proposer judge
    proposed   return    returned   C   |
    verified   post      noticed    T   |
    noticed    approve   approved   A   | village_prepared
    noticed    reject    rejected   A   | village_prepared
    noticed    return    returned   A   |
    approved   announce  announced  TC  |
    returned   resend    proposed   TC  |
    proposed   withdraw  withdrawn  TC  |
    verified   withdraw  withdrawn  TC  |
    noticed    withdraw  withdrawn  TC  |
    returned   withdraw  withdrawn  TC  |
"""
COUNTY_EXIT = """
    proposed   review    reviewed   I   | proposer
    proposed   return    returned   I   |
    reviewed   verify    verified   O   | proposer review
    reviewed   return    returned   O   |
    verified   post      noticed    O   |
    noticed    evaluate  evaluated  O   |
    noticed    return    returned   O   |
    evaluated  approve   approved   P   | county_prepared
    evaluated  reject    rejected   P   | county_prepared
    evaluated  return    returned   P   |
    returned   resend    proposed   C   |
    proposed   withdraw  withdrawn  C   |
    reviewed   withdraw  withdrawn  C   |
    returned   withdraw  withdrawn  C   |
"""
IDENTIFICATION = """
    proposed   apply            applied    VM  |
    applied    visit            visited    VM  | open
    applied    refuse_visit     refused    VM  | open
    visited    compare          compared   TC  | visit
    compared   appraise         appraised  VM  | open
    compared   vote_down        refused    VM  | open
    appraised  post             noticed    VM  |
    noticed    review           reviewed   T   | applied
    noticed    reject           refused    T   | applied
    reviewed   recheck          rechecked  C   | amend apply visit appraise post review
    reviewed   reject           refused    A   | applied checked
    rechecked  approve          approved   A   | applied checked
    rechecked  reject           refused    A   | applied checked
    approved   announce         announced  VMT |
    announced  register         registered VMT |
    announced  reject           refused    A   | applied checked approve announce
    announced  return           applied    A   | applied checked approve announce
    announced  reopen           applied    A   | applied checked approve announce refusal
    visited    refuse_red_line  refused    T   | applied
    compared   refuse_red_line  refused    T   | applied
    appraised  refuse_red_line  refused    T   | applied
    noticed    refuse_red_line  refused    T   | applied
    visited    return           applied    TC  |
    compared   return           applied    TC  |
    appraised  return           applied    TC  |
    noticed    return           applied    T   |
    reviewed   return           applied    CA  |
    rechecked  return           applied    CA  |
    noticed    reopen           applied    TA  | proposer refusal
    reviewed   reopen           applied    TA  | proposer refusal
    refused    reopen           applied    TA  | proposer refusal
    refused    confirm          rejected   TA  | proposer refusal
    refused    close            rejected   T   |
    proposed   withdraw         withdrawn  VMC |
    applied    withdraw         withdrawn  VMC |
    visited    withdraw         withdrawn  VMC |
    compared   withdraw         withdrawn  VMC |
    appraised  withdraw         withdrawn  VMC |
    noticed    withdraw         withdrawn  VMC |
    reviewed   withdraw         withdrawn  VMC |
    rechecked  withdraw         withdrawn  VMC |
"""
WATCH = """
    proposed           verify        verified           VM  | open
    verified           appraise      appraised          VM  | open
    verified           vote_down     rejected           VM  | open
    appraised          post          noticed            VM  |
    noticed            review        reviewed           T   | watched
    noticed            reject        rejected           T   | watched
    noticed            return        proposed           T   |
    reviewed           approve       monitored          A   | watched review
    reviewed           reject        rejected           A   | watched review
    reviewed           return        proposed           A   |
    monitored          clear         clearing           VM  |
    clearing           post_clear    clearing_noticed   VM  |
    clearing_noticed   review_clear  clearing_reviewed  T   | cleared
    clearing_noticed   keep          monitored          T   |
    clearing_reviewed  eliminate     eliminated         A   | cleared review_clear
    clearing_reviewed  keep          monitored          A   |
    proposed           withdraw      withdrawn          VMC |
    verified           withdraw      withdrawn          VMC |
    appraised          withdraw      withdrawn          VMC |
    noticed            withdraw      withdrawn          VMC |
    reviewed           withdraw      withdrawn          VMC |
"""
DECIDES = {
    "exit": {"plan", "approve", "approve_first", "reject"},
    "revocation": {"revoke_first", "revoke", "reject"},
    "removal": {"approve", "reject"},
    "village_exit": {"approve", "reject"},
    "county_exit": {"approve", "reject"},
}
"""The steps by which an office decides on an exit, whatever state they are taken from."""


@dataclass(frozen=True)
class Line:
    """Where a step leads, who takes it, and which earlier hands keep him from it."""

    target: str
    roles: frozenset[Role]
    apart: frozenset[str]


def hands(names: list[str]) -> frozenset[str]:
    """The steps behind these names of hands."""
    found: set[str] = set()
    for name in names:
        found |= hands(GROUPS[name].split()) if name in GROUPS else {name}
    return frozenset(found)


def read(table: str) -> dict[tuple[str, str], Line]:
    """The lines of a table by state and step."""
    lines = {}
    for row in filter(None, map(str.strip, table.splitlines())):
        before, _bar, apart = row.partition("|")
        source, step, target, letters = before.split()
        roles = frozenset(LETTERS[one] for one in letters)
        lines[source, step] = Line(target, roles, hands(apart.split()))
    return lines


ORACLE = {
    "exit": read(EXIT),
    "revocation": read(REVOCATION),
    "removal": read(REMOVAL),
    "village_exit": read(VILLAGE_EXIT),
    "county_exit": read(COUNTY_EXIT),
    "identification": read(IDENTIFICATION),
    "watch": read(WATCH),
}
