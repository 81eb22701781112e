"""Whether a warning says what must change and by when."""

from __future__ import annotations

import re
from functools import cache

from validation_engine.checks.registry import CheckResult, Context, check, failed, passed
from validation_engine.scan.cue import Cue
from validation_engine.scan.quick import Quick

_CHANGE = Quick(
    r"^(?:[^,.]{3,30}, )?please (?:be|make|arrive|keep|follow|ensure|start|stop|turn|come|ring|phone|call|"
    r"report|record|complete|use|wear|check|sign in|clock|do)\b|"
    r"^(?:from|starting|by|each|every|before|after|when(?:ever)?) [^,.]{2,30}, (?!(?:you|we|i|the|an?|"
    r"your|it|this|"
    r"there|that|my|our|he|she|they|his|her|if|in|on|at|and|to|for|with|as|i'll|we'll)\b)[a-z]+ |"
    r"^\W*(?:what|targets?|tasks?|areas?|aims?|standards?)\b[^|]{0,40}[|].*[|] ?(?:by|when|deadline|date)\b|"
    r"\b(?:i|we)(?:'d)? (?:now )?(?:need|expect|want|require|like) the (?:[\w'-]+ ){1,4}"
    r"(?:done|kept|\w{3,}ed|written|\w{2,}en)\b|"
    r"^from (?:now on|today|tonight|tomorrow)\b(?! (?:you have|this|that|it|the|i|we)\b)|"
    r"^\W*what (?:changes|will change|must change|i need|we need)\b[^.:|]{0,20}[:|]|"
    r"^\W*(?:targets?|improvements?|standards?|goals?|actions?)\b[^.:|]{0,30}[:|]|"
    r"^\W*(?:changes?|expectations?)(?: (?:needed|required|expected|wanted|asked for))?\W*$|"
    r"\b(?:expected|required|agreed) (?:improvements?|standards?|changes?|actions?)\b|"
    r"\b(?:i|we)(?:'ll| will)? (?:now )?(?:need|expect|want|require) (?:your|all|every|each|any|"
    r"better (?!of\b|from\b|than\b|in (?:the )?future|work\b)|fewer)\b|"
    r"^from (?:today|now|here|this point|tomorrow)(?: on(?:wards?)?)? "
    r"(?!(?:you|we|i) (?:are|have) (?:no|on)\b)[a-z]+ |"
    r"\byou(?:'ll| will|'d) (?:also |now |always )?(?:check|cut|bring|reduce|attend|finish|reply|answer|"
    r"log|record|"
    r"clean|lock|shut|treat|test|submit|hand in|get|do|come|stop|work)\b|"
    r"\bi'd (?:hope|like) to see\b|\b(?:both|all(?: of this)?|this|that|these) from \w+|"
    r"\byou'(?:re (?:\w+ )?(?:to|required|expected|asked)\b|"
    r"ll (?:also |now |each |always |need to |have to |be (?:required|expected|asked)))|"
    r"\b(?:(?:is|are) to (?:be|have|make|do)|must|like to see|want to see|expect to see|need to see|"
    r"you (?:\w+ )?(?:must|need to|have to|are to|are (?:\w+ )?(?:required|expected|asked)|should|"
    r"will (?:\w+ )?(?:be (?:required|expected|asked) to|need to|have to|from now|start|arrive|keep|make|"
    r"clock|sign|ring|phone|report|follow|complete|wear|use|check))|"
    r"your (?:[\w'-]+ ){1,3}(?:has|have|needs?) to (?:come|go|rise|fall|improve|reach|drop|stay)|"
    r"(?:has|have|needs?|ought) to be |"
    r"(?:expect|need|require|want|ask|asking|requiring|expecting|like) (?:that )?you(?: to| will)?|"
    r"(?:improvements?|changes?|standards?|targets?|steps?)(?: [\w'-]+){0,4} "
    r"(?:required|expected|needed|agreed|"
    r"that (?:i|we)|(?:i|we) (?:need|expect|require)|is|are|as follows|set)|"
    r"(?:your|the|our) targets?|no (?:repeat|more|further)|"
    r"what (?:has|needs|will have) to (?:change|improve|be different)|"
    r"what (?:i|we) (?:now )?(?:need|expect|"
    r"require|want|ask)|your (?:attendance|conduct|work|timekeeping|performance|"
    r"behaviour|absence\w*) (?:must|"
    r"needs to|has to|should|is expected to))\b",
    re.IGNORECASE,
)
_CHANGE_CUE = Cue(
    "(?:you|your|must|please|targets?|repeat|more|further|see|what|require[sd]?|requiring|expect\\w*|"
    "need\\w*|"
    "want|ask\\w*|like|improvements?|standards?|goals?|actions?|changes?|expectations?|expected|agreed|"
    "from|starting|by|each|"
    "every|before|"
    "after|whenever|when|(?:is|are) to (?:be|have|make|do))"
)
_WHEN = Quick(
    r"\b(?:from now|immediate(?:ly)?|with effect|as of|from (?:today|\d|the date|this|tomorrow|monday)|"
    r"\d{1,2} [a-z]{3,9}(?: \d{4})?(?= ?[|])|"
    r"from (?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"starting (?:on|with|from|today)|from \w+day \d|"
    r"by (?:the )?\w+ (?:working )?day\b|"
    r"(?:by|until|before|to|on) (?:the )?(?:end|\w+day|\d{1,2}(?:st|nd|rd|th)? [A-Z]\w+)|"
    r"(?:within|over|during|for|in|next) (?:the )?(?:next |coming |following |first )?(?:\w+|\d+) "
    r"(?:working )?(?:days?|weeks?|months?|shifts?)|at all times|in (?:the )?future|"
    r"by (?:the|our|your) (?:next|first|second|third|following)|going forward|henceforth|always|"
    r"between now and|every one|deadline|"
    r"whenever|every (?:[\w'-]+ ){0,2}(?:day|shift|working|time|morning|week|order|job|occasion|hour|month)|"
    r"each (?:[\w'-]+ ){0,2}(?:day|shift|working|time|morning|week|occasion|month)|review\w*|straight away|"
    r"(?:on|without) (?:every|each|all|exception)|today)\b",
    re.IGNORECASE,
)
# Says how long the warning counts, not by when to change.
_LASTS = Quick(
    r"\b(?:on (?:your |the )?(?:file|record)|in force|live|disregarded|lapses?|spent|counts?)\b",
    re.IGNORECASE,
)
# Sentences that oblige the reader to something else than a change of conduct.
_OTHER = Quick(
    r"\b(?:aware|note that|bear in mind|in no doubt|dismiss\w*|warning|disciplinary|appeal\w*|"
    r"sign (?:and|this|it|one|both|below|here|for|(?:the|a) (?:enclosed|attached|copy|letter|slip|second|"
    r"duplicate))|copy|acknowledge|grounds|take this letter|seriously|read|keep it|companion|accompanied|"
    r"hearing|contact me|questions|see (?:mr|mrs|ms|miss|dr))\b",
    re.IGNORECASE,
)
# Says that something must change, and not what.
_VAGUE = re.compile(
    r"^(?:[^,.]{3,30}, )?(?:you|your \w+|this|things?|matters?|we|i)\b[^,.;]{0,25}\b(?:must|need(?:s|ed)? to|"
    r"have to|has to|should|expect (?:you to|that you)|want (?:you )?to|required to|to see)"
    r"(?: now| clearly| really| simply)* (?:improve(?:ment)?|change|do better|get better|better)"
    r"(?: your (?:conduct|behaviour|ways|attitude|performance))?\W*$",
    re.IGNORECASE,
)
_AFTER = 5


@check("improvement_required")
def improvement_required(context: Context) -> CheckResult:
    """A sentence asks for a change, and it or a neighbour says by when or from when."""
    document = context.document
    count = len(document.sentences)

    @cache
    def says_when(index: int) -> bool:
        text = document.sentence_text(index)
        return _WHEN.search(text) is not None and not _OTHER.search(text) and not _LASTS.search(text)

    for index in _CHANGE_CUE.sentences(document):
        text = document.sentence_text(index)
        if not _CHANGE.search(text) or _OTHER.search(text) or _VAGUE.search(text):
            continue
        if any(map(says_when, range(max(index - 1, 0), min(index + _AFTER, count)))):
            return passed()
    looked = "the one sentence" if count == 1 else f"all {count} sentences"
    return failed(
        f"The letter does not say what must change and by when. Looked in {looked} of the document and found"
        " nothing that conveys: the change required and its timescale."
    )
