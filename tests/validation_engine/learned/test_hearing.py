"""The second reading: learned from sentences, kept in whole numbers, heard the same in any document."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from validation_engine.documents.plain import read_plain
from validation_engine.learned.hearing import Hearing, hearing, in_numbers, network_file, together
from validation_engine.learned.network import SUREST, Network, NetworkFile
from validation_engine.learned.ridge import Fit, Taught
from validation_engine.learned.second import SecondReading
from validation_engine.learned.statements import learned
from validation_engine.learned.training import Weights, scores
from validation_engine.learned.windows import windows, words_in
from validation_engine.learned.words import between, features_of, followed, stems_of

_NAME = "fees/forbidden"
_SAYS = ["The client pays the firm.", "Then the client pays the firm at once.", "A client pays our firm."]
_NEARLY = ["The firm pays the client.", "Then the firm pays the client at once.", "A firm pays our client."]
_TAUGHT = [(_NAME, True, text) for text in _SAYS * 40] + [(_NAME, False, text) for text in _NEARLY * 40]


@pytest.fixture(scope="module")
def network() -> Network:
    _, kept = learned(_TAUGHT, [stems_of("Lunch is at noon."), stems_of("The van needs a clutch.")] * 60)
    return Network(msgspec.json.decode(msgspec.json.encode(kept), type=NetworkFile))


def _margin(network: Network, text: str) -> float:
    document = read_plain(text)
    return SecondReading(network, document).margin(next(windows(document, 0)), _NAME)


def test_who_does_it_to_whom_is_heard(network: Network) -> None:
    most = SecondReading(network, read_plain("")).most(_NAME)
    assert _margin(network, "At once the client pays our firm.") > 0.6 * most
    assert _margin(network, "At once the firm pays our client.") < 0.4 * most


@pytest.mark.parametrize("text", ["Quux!", "Words never met at all.", "The client pays. " * 30])
def test_a_stretch_is_worth_something_between_nothing_and_the_most(network: Network, text: str) -> None:
    assert 0 <= _margin(network, text) <= SecondReading(network, read_plain("")).most(_NAME)


def test_a_part_of_a_long_sentence_is_heard_with_the_words_around_it(network: Network) -> None:
    document = read_plain("Then the client pays the firm " * 12 + "at last.")
    part = list(windows(document, 0))[2]
    whole = network.units([word for _, word in words_in(document, 0)])
    heard = network.margins([whole[one.start : one.end] for one in part])
    assert SecondReading(network, document).margin(part, _NAME) == heard[network.place(_NAME) or 0]


def test_a_statement_never_learned_is_worth_nothing(network: Network) -> None:
    reading = SecondReading(network, read_plain(_SAYS[0]))
    assert (reading.most("other/forbidden"), reading.margin((), "other/forbidden")) == (0, 0)


def test_without_a_network_nothing_is_heard() -> None:
    assert SecondReading(None, read_plain(_SAYS[0])).most(_NAME) == 0


def test_the_same_is_heard_after_many_other_words(network: Network) -> None:
    before = _margin(network, _SAYS[0])
    for number in range(5_000):
        network.units([(f"w{number}", f"w{number}")])
    assert _margin(network, _SAYS[0]) == before


def test_whole_numbers_tell_what_was_learned() -> None:
    texts = [
        Taught(
            features_of(followed(stems_of(text))),
            frozenset({name} if made else ()),
            about=name,
            words=between(stems_of(text)),
        )
        for name, made, text in _TAUGHT
    ]
    heard = hearing(texts, [_NAME])
    network = Network(network_file(heard, [_NAME], np.array([1.0])))
    exact = scores(heard.weights, in_numbers(texts, heard.parts, [_NAME])).clip(-SUREST, SUREST)
    found = [network.margins([network.units(stems_of(text))])[0] - SUREST for _, _, text in _TAUGHT]
    assert found == pytest.approx(exact[:, 0].tolist(), abs=0.05)


def test_both_readings_count_the_same() -> None:
    margins, scored = np.array([[0.0], [0.2], [9.0]]), np.array([[-2.0], [2.0], [2.0]])
    fit = Fit([], np.array([]), [_NAME], np.array([[]]), margins)
    heard = Hearing([], Weights(*[np.zeros(0, np.float32)] * 5), scored)
    both, worth = together(fit, heard, np.array([_NAME, _NAME, None], dtype=object))
    assert worth.tolist() == pytest.approx([0.05])
    assert both.left_out[:, 0].tolist() == pytest.approx([0.1, 0.5, 9.3])
