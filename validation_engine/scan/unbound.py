"""What nobody has to do: "neither of us is bound to …", "there is no obligation to …", over a whole list."""

from __future__ import annotations

import re

from validation_engine.scan.quick import Quick

_DENIES = (
    r"(?:not|never|neither|nor|none|nobody|no one|nothing|no (?:party|side|company|worker|employee)|"
    r"[a-z]+n't)"
)
# "shall not be asked" frees; "shall not agree" binds, and so does "nothing may be made known to".
_WORDS = r"(?:,? (?!shall\b|will\b|may\b|must\b|can\b|to\b)[\w'-]+){0,7}?"
_BINDS = (
    r"(?:bound|oblig(?:ed|es|ing|e)|requir(?:ed|es|ing|e)|ask(?:ed|s|ing)?|(?:being|been) told|tied|"
    r"committed|commits|compel(?:led|s)|binds?|agreed|agrees|promised|promises|undertaken|undertakes|"
    r"covenanted|covenants|under (?:any|an) (?:obligation|duty)|going to ask|"
    # Who "does not need to know" is not freed but shut out.
    r"(?:ha(?:ve|s)|need(?:ed|s)?) to (?!know|see|have|use|work))"
)
_DUTY = (
    r"no (?:\w+ )?(?:obligations?|dut(?:y|ies)|need|requirements?|promises?|covenants?|undertakings?|"
    r"commitments?|restrictions?|restraints?|question of|intention of|wish to|part of (?:this|the|our) \w+)"
)
_UNBOUND = Quick(
    rf"\b(?:{_DENIES}{_WORDS},? {_BINDS}|(?:do|does|did)(?: not|n't) (?:agree|promise|undertake|"
    rf"covenant)|{_DUTY}|"
    r"need(?:n't| not))\b",
    re.IGNORECASE,
)
# From here on a duty of its own is said.
_BINDING = re.compile(
    r"[;:](?! ?$)|\b(?:but|however|except|save|shall|will|must)\b|"
    r",? (?:and|so|which|who) (?:we|you|it|they|i|he|she|each|both|is|are|may|has|have|"
    r"agrees?|undertakes?|the \w+)\b|"
    r", (?:as|because|since) (?:we|you|it|they|i|he|she)\b",
    re.IGNORECASE,
)
# A span may begin with the word that would bind: "it is no part of this that you [shall refrain from]".
_FIRST = len("shall ")
_MARK = re.compile(r"^(?:[-*\u2022\xb7] |\(?[\da-z]{1,4}[.)] )+", re.IGNORECASE)


def is_unbound(lead: str, before: str, said: str) -> bool:
    """Return whether nobody has to do what a span says.

    Args:
        lead: The sentence that introduces this one; nothing where there is none.
        before: What stands before the span in its sentence.
        said: The span: a denial in it does not count where a duty follows it there.
    """
    text = f"{lead.rstrip(' :')} {_MARK.sub('', before)}" if lead else before
    length, whole = len(text), text + said
    for found in _UNBOUND.finditer(whole):
        at = found.end()
        if found.start() <= length and not (
            _BINDING.search(f"{text}~", at) or _BINDING.search(whole, max(at, length + _FIRST))
        ):
            return True
    return False
