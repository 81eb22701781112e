"""How agreements name the law that governs them and the courts that decide."""

from __future__ import annotations

import re
from typing import NamedTuple

from validation_engine.scan.quick import Quick


class Jurisdiction(NamedTuple):
    """A country or state: how its law and its courts are named, and what is said of it by itself."""

    name: str
    law: Quick
    courts: Quick
    bare: re.Pattern[str]


def _jurisdiction(name: str, adjective: str, noun: str, towns: str, own: str) -> Jurisdiction:
    of = rf"(?:the )?(?:country of )?(?:{noun})"
    law = (
        rf"\b(?:(?:{adjective}|{noun})(?:'s)?(?: and \w+)? laws?\b|laws?(?: and \w+)? (?:of|in) {of}\b|"
        rf"laws?\b[^.;|]{{0,50}}? (?:that|those) of {of}\b|"
        rf"\blaws? ?[|:?.,=-]+ ?(?:that of |those of )?(?:the )?(?:{adjective}|{noun})\b(?! courts?))"
    )
    courts = (
        rf"\b(?:{own}|(?:{adjective}|{noun}|{towns})(?: \w+)? (?:courts?|judges?)\b|"
        rf"(?:courts?|judges?)(?:,? [\w()]+){{0,6}} (?:of|in|at|for) (?:the city of )?(?:{of}|{towns})\b|"
        rf"(?:courts?|jurisdiction|forum) ?[|:?=-]+ ?(?:exclusive(?:ly)?,? )?(?:those of )?"
        rf"(?:the )?(?:{adjective}|{noun}|{towns})\b)"
    )
    bare = re.compile(rf"\b(?:{adjective}|{noun})\b", re.IGNORECASE)
    return Jurisdiction(name, Quick(law, re.IGNORECASE), Quick(courts, re.IGNORECASE), bare)


JURISDICTIONS = (
    _jurisdiction(
        "Scotland",
        "scots|scottish",
        "scotland",
        "edinburgh|glasgow|aberdeen|dundee|inverness|perth|stirling|paisley|ayr|kilmarnock|kirkcaldy|falkirk",
        r"court of session|sheriff(?:'s)? court|(?:the )?sheriff (?:at|of|in|and|principal)\b",
    ),
    _jurisdiction(
        "England",
        "english|welsh",
        "england(?: and wales| & wales)?|wales",
        "london|manchester|birmingham|leeds|bristol|liverpool|newcastle|cardiff|swansea|sheffield|nottingham|"
        "(?<!new )york|cambridge|oxford|norwich|exeter|carlisle",
        r"high court of justice(?! in northern)|high court,? (?:in|at|sitting in) london|county courts?",
    ),
    _jurisdiction(
        "Northern Ireland",
        "northern irish|northern ireland",
        "northern ireland",
        "belfast|derry|londonderry",
        r"court of judicature",
    ),
    # Those further off that agreements choose; where several are named alike, one is enough to differ.
    *(
        _jurisdiction(name, adjective, noun, towns, rf"(?:supreme|superior|royal) court of {noun}")
        for name, adjective, noun, towns in (
            (
                "Ireland",
                "(?<!northern )irish",
                "(?:republic of )?(?<!northern )ireland",
                "dublin|cork|galway",
            ),
            ("New York", "new york", "(?:state of )?new york", "manhattan"),
            ("Delaware", "delaware", "(?:state of )?delaware", "wilmington"),
            ("France", "french", "france", "paris|lyons?"),
            ("Germany", "german", "germany", "berlin|munich|frankfurt|hamburg"),
            ("Jersey", "(?<!new )jersey", "jersey", "st helier"),
            ("Guernsey", "guernsey", "guernsey", "st peter port"),
            ("the Isle of Man", "manx", "isle of man", "douglas"),
        )
    ),
)
GOVERNS = re.compile(
    r"\b(?:govern\w*|constru\w+|interpret\w+|subject to|appl(?:y|ies|icable)|accordance|according to|"
    r"follows?|read|under|chooses?|chosen|goes? by|go by|gone for|opted|our law|it is|is that of|"
    r"are those of|proper|which)\b|"
    r"\blaws?(?: and (?:courts?|jurisdiction))? ?[|:?=.-]",
    re.IGNORECASE,
)
# Law of which somebody is, or knows, something; not the one that governs.
OTHER_LAW = re.compile(
    r"\b(?:incorporated|registered|formed|established|organised|qualified|solicitors? in|degree|lecturer|"
    r"expert)\b",
    re.IGNORECASE,
)
NOT_THIS_LAW = re.compile(r"\b(?:not|than|instead of|nor|no longer)(?: \w+)? $", re.IGNORECASE)
DECIDES = re.compile(
    r"jurisdiction|submit|disput|proceedings|decid|\bsue[ds]?\b|claims?\b|quarrel|\bhear|deals? with|brought|"
    r"raised|actions?\b|litigat|argu|(?:falls?|falling)[- ]out|goes wrong|differen|settle|forum|"
    r"\bcourts? ?[|:?=]|\balone\b|\bonly\b|(?:which|to|our) court\b|scottish courts?\.|english courts?\.",
    re.IGNORECASE,
)
NOT_DECIDES = re.compile(
    r"withdrawn|claim(?:s|ed)? (?:numbered|no)|case (?:number|no)|pending|(?:can|may) still|"
    r"interdict|injuncti|"
    r"enforce|\bmay also\b|another court|certificate|solicitor|appeal tribunal|regist",
    re.IGNORECASE,
)
ALONE = re.compile(
    r"\b(?<!non-)exclusive(?:ly)?\b|\balone\b|\bonly\b|\bnowhere else\b|\bno others?\b", re.IGNORECASE
)
EXPLAINED = re.compile(
    r"\b(?:because|since|as (?:both|the(?! (?:sole|only|exclusive|proper|forum|courts?))|all|its|our|"
    r"neither|each)|for the reason|so that|(?:is|are|was|were) chosen|chose)\b",
    re.IGNORECASE,
)
POINTS_BACK = re.compile(
    r"(?:this|that|those|these|they|we|it|the (?:parties|reason|choice|\w+ courts?))\b", re.IGNORECASE
)
ITS_COURTS = re.compile(
    r"\b(?:its|that country's|that place's|the same country's|those) (?:own |high )?courts?\b|"
    r"\bcourts (?:there|of (?:that|the same) (?:country|place|jurisdiction))\b",
    re.IGNORECASE,
)
LAW = re.compile(r"\blaws?\b", re.IGNORECASE)
COURT = re.compile(r"\bcourts?\b|\bjurisdiction\b|\bforum\b", re.IGNORECASE)
