"""Words that show that something is quoted, reported of others or shown as an example; over folded text."""

from __future__ import annotations

import re

from validation_engine.scan.cues import words
from validation_engine.scan.quick import Quick

QUOTE = re.compile(r'"[^"\n]{1,400}"')
SINGLE_QUOTE = Quick(r"(?<![A-Za-z0-9])'[^'\n]{2,200}?(?:'[a-z][^'\n]{0,120}?)*'(?![A-Za-z0-9])")
MENTION = words(
    "words?",
    "wording",
    "phrases?",
    "phrased",
    "expressions?",
    "terms?",
    "claims?",
    "statements?",
    "slogans?",
    "avoid",
    "never (?:say|write|use|describe|tell)",
    "(?:do not|don't|must not|should not|may not|cannot) (?:say|write|use|describe|tell|call|promise|"
    "suggest|imply|include)",
    "such as",
    "for example",
    "e\\.g\\.?",
    "examples?",
    "misleading",
    "unacceptable",
    "banned",
    "prohibited",
    "wrong(?:ly)?",
    "incorrect(?:ly)?",
    "bad practice",
    "poor practice",
    "instead of",
    "rather than",
    "replace[sd]?",
    "removed?",
    "amended",
    "sometimes called",
    "so-called",
)
THOSE_WORDS = re.compile(
    r"(?:that|those|this|these|such|the|an? [\w' -]{2,24}) "
    r"(?:remarks?|phrases?|words?|wording|expressions?|slogans?|claims?|headlines?|"
    r"quotes?|sentences?|lines?)\b",
    re.IGNORECASE,
)
ATTRIBUTION = words(
    "alleg(?:es?|ed(?:ly)?|ing|ations?)",
    "(?:you|he|she|they|customers?|clients?|complainants?|colleagues?|witness(?:es)?|claimants?|"
    "callers?|it (?:was|is|has been)) "
    "(?:have |has |had |also |then |were |was |are |is )?(?:said|say|says|claim|claims|claimed|told|"
    "stated|state|states|complain|"
    "complained|reported|suggested|believe|believed|understood|felt|thought|led to believe|promised)",
    "(?:your|the|our|an?|his|her|their|one)(?: [\\w'-]+){1,3} "
    "(?:suggest(?:s|ed)|argue[sd]|contend(?:s|ed)|assert(?:s|ed)|submit(?:s|ted)|complain(?:s|ed))",
    "(?:you|people|customers|clients|readers|some)(?: \\w+){0,2} (?:fear|feared|worr(?:y|ied)|imagined?|"
    "supposed?|"
    "assumed?|suspect(?:ed)?)",
    "(?:our|its|their) predecessors?",
    "(?:a|your|my|our) (?:friend|relative|neighbour|reader|caller)",
    "time was",
    "there (?:was|were) (?:a time|times|days)",
    "(?:gone are )?the days (?:when|of)",
    "(?:some|other|many|certain|rogue|unregulated|fraudulent) (?:firms?|providers?|sellers?|"
    "advertisers?|advisers?|companies|"
    "websites?|promoters?|people|businesses|organisations?|employers?|schemes?)",
    "(?:some|other|many|certain) (?:[\\w'-]+ ){1,3}(?:elsewhere|out there)",
    "(?:if|when|whenever) (?:somebody|someone|anybody|anyone|a (?:caller|firm|lender|broker|seller)) "
    "(?:promises|offers|tells|says|claims|guarantees)",
    "scams?",
    "scammers?",
    "fraudsters?",
    "criminals?",
    "rogue",
    "your (?:complaint|grievance|letter|email|e-mail) (?:of|dated|says|said|states|stated|alleges|that)",
    "you (?:may|might) (?:have )?(?:see|seen|hear|heard|read)",
    "(?:asked|asks|to ask|wondered|enquired|inquired|queried) (?:[\\w,'-]+ ){0,8}(?:whether|if)",
    "(?:some|many|other|older?|certain|english|standard|borrowed) (?:[\\w-]+ ){0,3}"
    "(?:materials?|templates?|guides?|forms?|books?|leaflets?|handbooks?|precedents?)",
    "beware",
    "watch out for",
    "be wary of",
    "warning signs?",
    "common myths?",
    "myths?",
)
EXAMPLE = words(
    "for example",
    "for instance",
    "by way of example",
    "examples?:",
    "e\\.g\\.?",
    "bad example",
    "example of (?:bad|poor|wrong|non-compliant|unacceptable)",
    "do not (?:write|say|use)",
    "don't (?:write|say|use)",
    "never (?:write|say)",
    "avoid (?:saying|writing|wording|phrases|using|claims|terms|words|statements)",
    "what not to (?:say|write)",
    "(?:what|things|words|lines|phrases)(?: that)? (?:you|we)(?:'ll| will| would)? never (?:see|hear|say|"
    "find|write|print)",
    "wording to avoid",
    "training notes?",
    "unacceptable wording",
    "wrong:",
    "not like this",
    "hypothetical(?:ly)?",
)
BAD_HEADING = Quick(
    r"\b(?:avoid|do not|don't|never|wrong|bad|poor|unacceptable|prohibited|banned|examples?|not to (?:say|"
    r"write|use)|myths?|"
    r"scams?|misleading|before|old wording|training)\b",
    re.IGNORECASE,
)
