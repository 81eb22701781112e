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
        ("If you can't decide, we'll choose the guaranteed income.", False),
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
        ("None of this lets us offer you any of the following:\n- advice\n- guaranteed income", True),
        ("It is not a loan and will pay a guaranteed income.", False),
        ("We do not and will not pay a guaranteed income.", True),
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
        (
            "quotation",
            '"Can I lose?"\n\nYes.\n\n"Is it mine?"\n\nYes.\n\n"You have guaranteed returns."\n\nNot here.',
            True,
        ),
        ("quotation", '"Can I lose?"\n\nNo.\n\n"These are guaranteed returns."', False),
        ("attribution", "Some firms promise guaranteed returns.", True),
        ("attribution", "You said that the adviser offered guaranteed returns.", True),
        ("attribution", "Some share offers elsewhere have guaranteed returns.", True),
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
        ("question", "Are there guaranteed returns?\n\nNope.", True),
        ("question", "Are there guaranteed returns? In a word, no.", True),
        ("question", "Are there guaranteed returns? There can't be.", True),
        ("unbound", "Neither of us is bound to sign, to pay guaranteed returns, or to stay.", True),
        ("unbound", "It is no part of this letter that you should pay guaranteed returns.", True),
        ("unbound", "There is no duty on either of us\n- to stay;\n- to pay guaranteed returns.", True),
        (
            "unbound",
            "Neither party:\n(a) has agreed to stay;\n(b) has agreed to pay guaranteed returns.",
            True,
        ),
        ("unbound", "Neither of us is bound to sign but each shall pay guaranteed returns.", False),
        ("unbound", "Neither of us need sign, and you will pay guaranteed returns.", False),
        ("unbound", "You need not worry: guaranteed returns are yours.", False),
        ("unbound", "You need not come, as we have guaranteed returns.", False),
        ("unbound", "You shall not agree to pay guaranteed returns.", False),
        ("unbound", "Nobody who does not need to know of guaranteed returns may ask.", False),
        ("condition", "If you ask for guaranteed returns we say no.", True),
        ("definition", '"Bond" means a product with guaranteed returns.', True),
        ("definition", "It is sold by automated means with guaranteed returns.", False),
        ("heading", "Guaranteed returns\n\nWe explain what they are and why nobody has them at all.", True),
        ("history", "Guaranteed returns were abolished in 2019.", True),
        ("history", "Your letter named the guaranteed returns. That scheme was replaced in 2018.", True),
        ("history", "Your letter named the guaranteed returns. That scheme was praised in 2018.", False),
        ("example", "What you will never see from us:\n- guaranteed returns", True),
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
        ("An earlier draft had a guaranteed income. We thought better of it.", ("quotation",), True),
        ("Our first terms had a guaranteed income, and still do.", ("quotation",), False),
        ("Until 2022 we had a guaranteed income.", ("quotation",), True),
        ("Until 2030 we pay a guaranteed income.", ("quotation",), False),
        (
            "One page had a guaranteed income. A reader objected, and that line has gone.",
            ("quotation",),
            True,
        ),
        ("A guaranteed income misleads, and that line has gone.", ("quotation",), True),
    ],
)
def test_words_taken_out_by_the_next_sentence_are_no_claim(
    text: str, ignored: tuple[str, ...], *, taken_out: bool
) -> None:
    document, span = span_of(text, "guaranteed")
    assert scopes.in_any(document, span, ignored) is taken_out  # type: ignore[arg-type]
