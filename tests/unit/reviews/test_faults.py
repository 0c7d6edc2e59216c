import pytest

from reviews.faults import KILLED, LOST, NOT_A_NUMBER, REFUSED, SLOW, UNKNOWN, in_words


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("WorkerLost: the worker ended before the part was done", KILLED),
        ("OperationalError: canceling statement due to statement timeout", SLOW),
        ("OperationalError: canceling statement due to lock timeout", SLOW),
        ("TimeoutError: the part takes longer than the time limit of a task", SLOW),
        ("OperationalError: server closed the connection unexpectedly", LOST),
        ("InterfaceError: connection already closed", LOST),
        ("OperationalError: terminating connection due to administrator command", LOST),
        ("DataError: bigint out of range", NOT_A_NUMBER),
        ("DataError: cannot convert NaN to bigint", NOT_A_NUMBER),
        ("NotSupportedError: cannot convert NaN to bigint", NOT_A_NUMBER),
        ("ValueError: invalid literal for int() with base 10: '1.5'", NOT_A_NUMBER),
        ("InternalError: no proposal for this household", REFUSED),
        ('IntegrityError: new row violates check constraint "closed"', REFUSED),
        ("KeyError: 'food'", UNKNOWN),
        ("", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_what_a_worker_wrote_down_has_plain_words(stored, words):
    assert in_words(stored) is words
