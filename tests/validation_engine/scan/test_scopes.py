"""In which sense something is said decides whether it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from validation_engine.documents.plain import read_plain
from validation_engine.scan import scopes
from validation_engine.scan.scanner import PatternSet

if TYPE_CHECKING:
    from validation_engine.scan.hits import Span


def span_of(text: str, said: str) -> tuple[object, Span]:
    document = read_plain(text)
    patterns = PatternSet({})
    number = patterns.add(said)
    patterns.freeze()
    return document, patterns.scan(document).spans(number)[0]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("We do not guarantee any level of income.", True),
        ("There is no exit charge.", True),
        ("No investment is guaranteed.", True),
        ("Income is never guaranteed.", True),
        ("We can't offer guaranteed returns.", True),
        ("Nobody can promise you guaranteed growth.", True),
        ("Guaranteed returns are not offered.", True),
        ("Guaranteed income: that is not something we sell.", False),
        ("We guarantee 9% a year.", False),
        ("Not only is it cheap, it is guaranteed.", False),
        ("Do not miss our guaranteed 9% bond.", False),
        ("There is no minimum term, but income is guaranteed.", False),
        ("Why not enjoy a guaranteed income?", False),
        ("You pay no fee and the exit charge is 5%.", False),
        ("If you do not agree you have the right to a guaranteed answer.", False),
        ("We do not say that you will get guaranteed returns.", True),
        ("Growth is guaranteed, and there is no doubt about it.", False),
        ("We do not offer:\n- advice\n- guaranteed income", True),
        ("It has guaranteed returns, which is something you won't find elsewhere.", False),
        ("We offer:\n- advice\n- guaranteed income", False),
        ("Income is guaranteed, but advice is not offered.", False),
        ("We give no advice except on guaranteed income.", False),
        ("Guaranteed returns, which we do not like, are not offered.", True),
        ("Some offer guaranteed income. We do not.", True),
        ("They speak of guaranteed income. It does not apply here.", True),
        ("The draft guaranteed an income. Our lawyer objected and that has come out.", True),
        ("The form of 2019 promised guaranteed income. We took that out.", True),
        ("Income is guaranteed. The fee was dropped.", False),
        ("A guaranteed income was thought about and left out.", True),
        ("We weighed a guaranteed income in the spring but decided against it.", True),
        ("Income is guaranteed, and many left out of the last issue come back.", False),
        ("Ask not about your friends, your pension, your guaranteed income or your dog.", True),
        ("We know nothing of the dog, and your income is guaranteed.", False),
        ("Guaranteed income is the stuff of cold calls.", True),
        ("A target is a far cry from guaranteed income.", True),
        ("A guaranteed income was mentioned. Neither of us gave it any weight.", False),
        ("A guaranteed income was mentioned. It had no part in my reasons.", True),
        ("Talk was of guaranteed income. None of it has had any bearing on the price.", True),
        ("The form says guaranteed income. I do not accept that.", True),
        ("A guaranteed income? It was, up to the end of March.", True),
        ("Income is guaranteed. Nobody else offers that.", False),
        ("Income is guaranteed. We do not charge for it.", False),
        ("Income is guaranteed, and we can't be beaten.", False),
    ],
)
def test_a_denial_governs_its_own_clause(text: str, *, negated: bool) -> None:
    document, span = span_of(text, "(?:guaranteed?|exit charge)")
    assert scopes.negation(document, span) is negated


@pytest.mark.parametrize(
    ("scope", "text", "inside"),
    [
        ("quotation", 'Never use the words "guaranteed returns" in an advert.', True),
        ("quotation", "Phrases such as “guaranteed returns” mislead.", True),
        ("quotation", "Our bond has guaranteed returns.", False),
        ("attribution", "Some firms promise guaranteed returns.", True),
        ("attribution", "You said that the adviser offered guaranteed returns.", True),
        ("attribution", "If somebody promises you guaranteed returns, walk away.", True),
        ("attribution", "We promise guaranteed returns.", False),
        ("attribution", "Your friend from work suggested guaranteed returns.", True),
        ("attribution", "You may have feared that we offer guaranteed returns.", True),
        ("attribution", "Our predecessor had guaranteed returns.", True),
        ("attribution", "People asked at two shows whether we have guaranteed returns.", True),
        ("example", "Wording to avoid:\n\nGuaranteed returns for all.", True),
        ("example", "For example, guaranteed returns would be a breach.", True),
        ("question", "Are there guaranteed returns? No, there are none.", True),
        ("question", "Want guaranteed returns? Call us.", False),
        ("question", "Are there guaranteed returns? Far from it.", True),
        ("question", "Are there guaranteed returns? We would love to, but nobody can.", True),
        ("question", 'We hear: "Are there guaranteed returns?" We have no idea.', True),
        ("question", "Are there guaranteed returns? They are paid each May.", False),
        ("condition", "If you ask for guaranteed returns we say no.", True),
        ("definition", '"Bond" means a product with guaranteed returns.', True),
        ("heading", "Guaranteed returns\n\nWe explain what they are and why nobody has them at all.", True),
        ("history", "Guaranteed returns were abolished in 2019.", True),
    ],
)
def test_each_scope_is_told_from_its_neighbours(scope: str, text: str, *, inside: bool) -> None:
    document, span = span_of(text, "guaranteed returns")
    assert getattr(scopes, scope)(document, span) is inside


@pytest.mark.parametrize(
    ("text", "ignored", "taken_out"),
    [
        ("The draft guaranteed an income. It was struck out.", ("quotation",), True),
        ("The draft guaranteed an income. It was struck out.", (), False),
        ("Others guaranteed an income. Ours does not.", ("quotation",), True),
        ("The seller wanted a guaranteed return. The buyer declined.", ("quotation",), True),
        ("The seller wanted a guaranteed return; the buyer would not have it.", ("quotation",), True),
        ("This is a guaranteed return. The buyer declined.", ("quotation",), False),
        ("We discussed whether a guaranteed return was right.", ("quotation",), True),
        ("We crossed out the guaranteed return.", ("quotation",), True),
        ("A guaranteed return was proposed and withdrawn.", ("quotation",), True),
        ("We guaranteed an income. It was paid.", ("quotation",), False),
    ],
)
def test_words_taken_out_by_the_next_sentence_are_no_claim(
    text: str, ignored: tuple[str, ...], *, taken_out: bool
) -> None:
    document, span = span_of(text, "guaranteed")
    assert scopes.in_any(document, span, ignored) is taken_out  # type: ignore[arg-type]
