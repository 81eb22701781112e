"""Words that show in which sense something is said; all over folded text, case ignored."""

from __future__ import annotations

import re

from validation_engine.scan.quick import Quick


def words(*alternatives: str) -> Quick:
    """Return what finds any of some wordings, each as whole words."""
    return Quick(r"\b(?:" + "|".join(alternatives) + r")\b", re.IGNORECASE)


NEGATION = Quick(
    r"\b(?:not|no|never|neither|nor|none|nobody|nothing|nowhere|cannot|without|hardly|unable|"
    r"refuse[sd]?|declines?|"
    r"prohibit(?:s|ed)?|forbid(?:s|den)?|avoid(?:s|ed)?|beware|stop(?:ped)?|free of|far from|rather than|"
    r"instead of|as opposed to|(?:some|a long) way from|a far cry from|difference between|"
    r"prevents?|must ?n[o']t|wo ?n[o']t|[a-z]+n't|non)\b",
    re.IGNORECASE,
)
# Negations in form only: the sentence still asserts.
NOT_NEGATION = Quick(
    r"\b(?:not (?:only|just|merely|simply|least|to mention)|no (?:doubt|wonder|matter|more than|less than|"
    r"fewer than|"
    r"later than|other)|not (?:more|less|later|fewer) than|never been (?:easier|better|simpler)|why not|"
    r"nothing less than|"
    r"nothing beats|(?:do not|don't|never) (?:miss|delay|hesitate|worry|wait|forget|settle|lose out|be late)|"
    r"without (?:delay|hesitation|doubt|further|prejudice)|non-[a-z]+|cannot be beaten|can't be beaten|"
    r"(?:not|never|[a-z]+n't)(?: yet)?(?: been)? (?:(?:given|handed|brought|sent|paid) (?:back|in|over)|"
    r"(?:paid|met|received) (?:by|within|on time|in time|in full)|settled|cleared|returned|repaid)|"
    r"(?:when|where|if|after) (?:the |your |all )?(?:others?|banks?|lenders|bank has) "
    r"(?:will not|wo ?n't|do not|do ?n't|can ?not|can't|says? no|said no|refuse[sd]?)|"
    r"if not|whether or not|or not|free of charge)\b",
    re.IGNORECASE,
)
# What follows a claim and takes it back: "guaranteed returns are not offered".
DENIED_AFTER = re.compile(
    r"^[^.;:!?]{0,40}?\b(?:(?:is|are|was|were|be|been|can|do|does|did|will|would|should|may|must|has|"
    r"have) (?:not|never)|cannot|"
    r"[a-z]+n't|(?:is|are) the stuff of|is no|are no|has no|have no|never|not (?:guaranteed|available|"
    r"offered|permitted|allowed|"
    r"possible|required|"
    r"payable|charged))\b",
    re.IGNORECASE,
)
# A lead whose whole list is denied: "We do not:", "None of these is offered:", "Nothing here stops you from".
DENYING_LEAD = Quick(
    r"\b(?:not|never|no|none|nothing|neither|cannot|[a-z]+n't)(?: [\w'-]+){0,4}[: -]*$|"
    r"\b(?:nothing|none|no (?:part|term|clause|word)|(?:do|does|did|is|are|was|were|have|has|need)(?: "
    r"not|n't)) "
    r"[\w' -]{0,60}\b(?:to|from|that|following|these|things|of)[: -]*$",
    re.IGNORECASE,
)
# What follows stands against what went before: "Take your time, but only six places are left".
CONTRAST = re.compile(
    r" but\b|,? and (?:[\w']+ ){0,5}?(?:(?:shall|will|must) (?:not|never)|neither shall) |"
    r"(?:[,;:] ?| -+ ?)(?:however|nevertheless|nonetheless|even so|yet|still)\b",
    re.IGNORECASE,
)
# A sentence that turns somebody away: "No audit will be entertained", "you shall not be entitled to inspect".
REFUSAL = Quick(
    r"\b(?:no|not|never|nobody|none|neither|nor|cannot|[a-z]+n't)\b"
    r"(?:,? (?!and (?:you|so|we)\b|but\b)[\w'-]+){0,7} (?:entitled|obliged|bound|required|"
    r"entertained|permitted|allowed|needs?|needed|necessary|help|assist|accepted|considered|accommodated|"
    r"rights?|available|exceptions?|opportunity|chance|time to)\b|"
    r"\bno\b(?: [\w'-]+){1,3} (?:will|shall|can|is|are|was|were|has|have)(?: (?:be|been|being))? (?:given|"
    r"made|provided|"
    r"offered|sent|shown|possible|held|carried out|arranged|done)\b|"
    r"\b(?:will|shall|do|did|have|has|had|was|were)(?: not|n't|not) (?:be |been |yet )*(?:given|sent|shown|"
    r"provided|say|"
    r"hear|paid|consider|make|made|offer\w*|receive|carried out|carry out|investigat\w*|explain\w*|"
    r"disclos\w*)\b|\bforfeit\w*|"
    r"[:|] ?(?:none|nil|no|n/?a|never|not (?:yet )?(?:decided|known|agreed|set|fixed|stated|given|"
    r"applicable))[\s.|]*$",
    re.IGNORECASE,
)
# From here on something else is said: "A colleague may come, but no lawyers are allowed".
TURN = re.compile(
    r",? (?:but|although|though|however|whereas|while|yet|except|apart from|other than|(?:so|as) long as|"
    r"provided that)\b|"
    r", and (?=(?:we|you|i|he|she|our|your)\b)|"
    r",? so (?:that )?(?=(?:we|you|i|he|she|it|they|nobody|nothing)\b)",
    re.IGNORECASE,
)
# "…, which we like, …": says something else of what it follows.
ASIDE = re.compile(r", (?:which|who)\b[^,;.]*(?:[,;.]|$)", re.IGNORECASE)
CLAUSE_BREAK = re.compile(
    r"[;:]|,? (?:but|however|although|though|whereas|while|yet|instead|nevertheless|except|because|"
    r"and then|and that)\b|"
    r", (?:and|so|or|which|who|(?:we|you|it|they|i|he|she)(?:'[a-z]{1,2})?|as (?:we|i|you|it|they)) |"
    # "does not expire and will stay": but not "we can and will".
    r"(?<!\bcan)(?<!\bcould)(?<!\bmay)(?<!\bnot) and (?:will|shall|must) (?!not\b|never\b)|"
    r"(?:,| and|, and) (?=(?:the|our|your|this|we|you|it|they)(?: [\w'-]+){0,3} (?:is|are|was|were|will|"
    r"can|may|must|"
    r"shall|has|have|pays?|does|do)\b)",
    re.IGNORECASE,
)
# "If you do not agree you have the right …": the main clause begins at its own subject and verb.
SUBORDINATE = Quick(r"[\"'* ]*(?:if|unless|when|where|should|although|though|once|because)\b", re.IGNORECASE)
MAIN_CLAUSE = re.compile(
    r"(?<=[\w,] )(?:you|we|they|he|she|it|i|please) "
    r"(?:have|has|may|can|will|must|should|could|contact|write|tell)\b",
    re.IGNORECASE,
)
CONDITION = words(
    "if",
    "unless",
    "should you",
    "in the event",
    "where",
    "when",
    "whenever",
    "provided that",
    "in case",
    "subject to",
    "as long as",
    "only if",
    "were (?:you|we|they) to",
    "until",
)
HISTORY = words(
    "previous(?:ly)?",
    "former(?:ly)?",
    "used to",
    "in the past",
    "no longer",
    "was (?:replaced|repealed|revoked|abolished|invalidated|struck down|superseded|withdrawn)",
    "were (?:replaced|repealed|revoked|abolished|invalidated|struck down|superseded|withdrawn)",
    "has been (?:replaced|repealed|revoked|abolished|invalidated|struck down|superseded|withdrawn)",
    "have been (?:replaced|repealed|revoked|abolished|invalidated|struck down|superseded|withdrawn)",
    "replaced (?:the|by)",
    "repealed",
    "superseded",
    "historic(?:al(?:ly)?)?",
    "(?:an?|the|our|your|their|its|some) (?:earlier|older|past|original)",
    "(?:early|first|original) (?:drafts?|plans?|versions?|proposals?)",
    "(?:that|which|what) (?:it|this|they) replaces?",
    "struck (?:it |them |that )?down",
    "predecessors?",
    "quashed",
    "annulled",
    "pla(?:y|ys|yed) no part",
    "(?:was|were) (?:written|drafted|drawn up|adopted|made|issued|signed) in (?:19|20)\\d\\d",
    "(?:before|until|prior to) (?:\\w+ )?20(?:0\\d|1\\d|2[0-4])",
    "at (?:the|that) time",
    "until (?:\\d|january|february|march|april|may|june|july|august|september|october|november|december)",
    "(?:before|prior to) (?:\\d|january|february|march|april|may|june|july|august|september|october|"
    "november|december)",
    "old",
    "originally",
    "(?:was|were|had) once",
    "once (?:was|were|had|used|relied|held|said)",
)
DEFINITION = re.compile(
    r'^(?:\(?[\da-z.]{1,6}[.)]? +)?["\'*]*[A-Z][\w \'/-]{1,50}["\'*]* '
    # What is done by some means is not what a term means.
    r"(?:(?<!automated )(?<!automatic )(?<!electronic )(?<!technical )(?<! any )(?<! all )(?<! by )"
    r"means?|has the meaning|"
    r"includes?|refers? to|is defined as|"
    r"shall mean|is a term)\b"
)
ANSWERED_NO = re.compile(
    r"^[\"'*\s]*(?:a[:.]\s*|answer[:.]\s*)?(?:(?:oh|well|heavens|alas|sadly|sorry|goodness|in a word|in "
    r"short|of course|i'm|we're),? )?(?:no|nope|nah|not|never|none|afraid not|no one|unfortunately|nothing|"
    r"nobody|nowhere|neither|hardly|sadly|alas|far from|anything but|by no means|certainly not|(?:we|it|"
    r"they|that|you|there|i)(?:'m| am| is| are)? (?:(?:do|does|did|is|are|was|were|will|would|can|could|"
    r"have|has|must|should|need) ?(?:not|n't|no\b|never|anything but)|cannot|can't|won't|used to|afraid|"
    r"have no idea|"
    r"(?:is|are) for others)|we would (?:love|like) to, but|there is no)\b",
    re.IGNORECASE,
)
# A question about others or oneself that asks for a yes or a no: what it is about is said by its answer.
YES_OR_NO = re.compile(
    r"^[\"'*\s]*(?:\d{1,2}[.)]\s*|(?:q|question)[:.]\s*)?(?:and |but |so )?"
    r"(?:is|are|was|does|do|did|has|have|will|can|could|must)(?:n't)? (?!you\b)[^?]*\?[\"'*)]*$",
    re.IGNORECASE,
)
ANSWERED_YES = re.compile(
    r"^[\"'*\s]*(?:a[:.]\s*|answer[:.]\s*)?(?:(?:oh|well|in short|in a word)[,:]? )?"
    r"(?:yes|yep|aye|yeah|sure|certainly|absolutely|definitely|of course|indeed|always|sometimes|often|"
    r"usually|mostly|partly|you bet|it depends|"
    r"only|(?:it|they|we|that|he|she|you|there|i|some|most|all)(?:'s|'re|'ll|'ve|'m)?(?: \w+)? "
    r"(?:is|are|was|do|does|did|will|can|could|has|have|must|may|might)\b(?! ?n[o']t)|"
    r"that's right|correct|true)\b",
    re.IGNORECASE,
)
