"""Words that show in which sense something is said; all over folded text, case ignored."""

from __future__ import annotations

import re

from validation_engine.scan.quick import Quick


def _words(*alternatives: str) -> Quick:
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
    r"returned|repaid)|if not|whether or not|or not|free of charge)\b",
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
# What was thought of and not done: "a fixed sum was considered and left out".
DROPPED_AFTER = re.compile(
    r"^[^.;!?]{0,80}?(?:\band|\bbut|\bwhich|,) (?:(?:we|they|it|that(?: \w+)?|i|he|she|both|the \w+|were|"
    r"was|is|are|have|has|had|then|been|in the end|finally) ){0,4}(?:left (?:(?:it|them|that|this|one) "
    r")?out|(?:decided|agreed) (?:against|not to)|rejected\b|refused\b|withdrawn\b|gone\b|turned (?:(?:it|"
    r"that|them|this) )?down|dropped\b|thought better of|"
    r"put (?:it|that|them) aside)",
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
# The next sentence takes back what this one mentions: "Some do. We do not.", "They don't apply here."
TAKEN_BACK = re.compile(
    r"^[\"'(* ]*(?:we|i|it|they|that|this|these|those|he|she)(?: (?:do|does|did|will|would|is|are|was|were|"
    r"have|has)"
    r"(?: not|n't)|(?:'re|'s) not| (?:no longer|never))"
    r"(?:[.!)\"']*$|(?: \w+){0,2} (?:apply|relevant|rely on (?:it|them|that|this|either)|"
    r"use (?:it|them|that|this)|do (?:so|this|that|it)|the case|true|so|our (?:practice|policy|way)|here)\b)|"
    # "Neither has had any bearing on this.", "It had no part in it.", "I do not accept that."
    r"^(?:neither|none|nothing|no part)\b[^.;]{0,30}\b(?:ha[sd]|have|plays?|played|carr(?:y|ies|ied)|bore|"
    r"bears?)"
    r"\b[^.;]{0,20}\b(?:bearing|part|weight|influence|role|relevance)\b|"
    r"^(?:it|that|this|they|these|those) (?:ha[sd]|have|plays?|played|carried|bore)(?: had)? no "
    r"(?:bearing|part|weight|influence|role|relevance)\b|"
    r"^(?:i|we|the \w+)(?: \w+){0,6} (?:rejects?|rejected|disregard(?:ed)?|den(?:y|ies|ied)|disagrees?|"
    r"disagreed|"
    r"(?:do|does|did)(?: not|n't) (?:accept|agree|share)) (?:it|this|that|them|these|those|with)\b|"
    # "It was, up to March.", "Not so.", "There used to be."
    r"^(?:it|that|they|there) (?:was|were|did|used to)(?: be)?,? (?:up to|until|till|once|before)\b|"
    r"^(?:not (?:so|true|any ?more|any longer|at all|quite|now)|wrong|untrue|false|nonsense|incorrect|"
    r"far from it|"
    r"a myth|no longer)[.,:;! ]",
    re.IGNORECASE,
)
# The next sentence says that the words of this one stand nowhere any more: "That was struck out".
TAKEN_OUT = re.compile(
    r"^[^.;]{0,40}\b(?:(?:that|this|it|those|these|they)(?: \w+){0,2} (?:was|were|ha(?:s|ve)(?: been)?|is|"
    r"are)(?: \w+){0,2} (?:struck (?:out|down)|taken (?:out|down)|come out|dropped|removed|deleted|"
    r"scrapped|abolished|withdrawn|out of date|gone)|(?:strike|struck|took|crossed) (?:that|it|this|them) "
    r"(?:out|through)|(?:dropped|removed|deleted|scrapped|abolished|rejected) (?:that|it|this|them)|"
    r"(?:it|that|this|they) (?:is|are)(?: not|n't) in (?:this|our) (?:one|\w+))\b|"
    r"^[^;]{0,120}?\b(?:(?:that|this) "
    r"(?:clause|sentence|line|paragraph|wording|part|bit|term|page|rule|box|fee|charge|practice)|(?:the|"
    r"those|these) (?:clause|sentence|paragraph|wording|words|lines))(?: was| were| has| have| is| are)(?: "
    r"been| now| since)? (?:gone|dropped|removed|deleted|struck out|taken out|cut|scrapped|withdrawn|"
    r"abolished)\b|"
    # "Ours does not.", "We have not used them.", "We burnt it."
    r"^(?:ours|(?:this|our) (?:agreement|letter|deed|undertaking|paper|document|contract))"
    r"(?: (?:does|is|has) not| (?:does|is|has)n't)[.!]|"
    r"^(?:we|they|i|both|neither|the \w+)(?: have| has| had)? "
    r"(?:(?:not|never) (?:used?|kept|adopted|taken)|burnt|binned|scrapped|torn|thrown)\b",
    re.IGNORECASE,
)
# What somebody wished for, and the next sentence that says what became of it.
WISHED = Quick(
    r"\b(?:wanted|wished|asked for|asked that|would have liked|proposed|suggested|pressed for|sought|"
    r"had hoped)\b",
    re.IGNORECASE,
)
SETTLED = re.compile(
    r"^(?:we|they|i|both|neither|nobody|instead,?|the \w+)(?: \w+)? (?:declined|refused|would not|did not|"
    r"turned (?:it|that) down|decided against|settled on|agreed on|said no|rejected)\b",
    re.IGNORECASE,
)
# What is only talked about, or taken out, before it: "we discussed whether", "we crossed out the".
MOOTED_BEFORE = Quick(
    r"\b(?:talked about|discussed|considered|debated|wondered|asked|thought about|argued about)"
    r"(?: \w+){0,2} (?:whether|if)\b|"
    r"\b(?:crossed|struck|took|taken|cut|edited) out (?:the|a|an|any|all|its|our|their)\b",
    re.IGNORECASE,
)
# What an older paper said, before it: "An earlier draft made these duties", "Until 2022 we charged".
BYGONE_BEFORE = Quick(
    r"^[^.;:]{0,30}?\b(?:(?:earlier|past|previous|older?|first|original|former|last|initial)(?: [\w'-]+)? "
    r"(?:drafts?|versions?|polic(?:y|ies)|forms?|sheets?|notices?|agreements?|letters?|contracts?|terms|"
    r"editions?|rules?|handbooks?|leaflets?|advert\w*|pages?|websites?|clauses?)|templates?|precedents?|"
    r"boilerplate)\b[^.;:]{0,60}?\b(?:made|let|had|said|asked|claimed|used|contained|provided|forbade|ran|"
    r"allowed|gave|set|kept|bound|barred|stopped|would|required|wanted|was|were|put|read|spoke|tried|"
    r"included|charged|imposed|called|promised|demanded|meant|took|told)\b|^(?:until|before|up to) (?:\w+ "
    r")?20(?:[01]\d|2[0-6]),? (?:we|they|it|our \w+|the \w+) (?:\w+ed|had|kept|made|let|"
    r"said|took|was|were|did|gave|sold)\b",
    re.IGNORECASE,
)
# It says so still.
STILL = Quick(r"\b(?:still|remains?|continues?|continued|today|now|again)\b", re.IGNORECASE)
# The next sentence says that the law this one names is no longer the law.
SUPERSEDED = re.compile(
    r"^(?:(?:that|this|the) (?:old )?(?:act|law|statute|regulations?|directive|framework|scheme|version|"
    r"form)|it|they) (?:was|were|has|have|is|are)(?: \w+){0,2} (?:replaced|repealed|superseded|gone|no "
    r"longer|out of date|not been (?:in force|law)|"
    r"struck down|revoked|in force (?:any ?more|any longer))\b",
    re.IGNORECASE,
)
# A sentence that turns somebody away: "No audit will be entertained", "you shall not be entitled to inspect".
REFUSAL = Quick(
    r"\b(?:no|not|never|nobody|none|neither|nor|cannot|[a-z]+n't)\b(?:,? [\w'-]+){0,7} (?:entitled|obliged|"
    r"bound|required|entertained|permitted|allowed|needs?|needed|necessary|help|accepted|considered|"
    r"accommodated|"
    r"rights?|available|exceptions?)\b",
    re.IGNORECASE,
)
# From here on something else is said: "A colleague may come, but no lawyers are allowed".
TURN = re.compile(
    r",? (?:but|although|though|however|whereas|while|yet|except|apart from|other than)\b|"
    r", and (?=(?:we|you|i|he|she|our|your)\b)",
    re.IGNORECASE,
)
# "…, which we like, …": says something else of what it follows.
ASIDE = re.compile(r", (?:which|who)\b[^,;.]*(?:[,;.]|$)", re.IGNORECASE)
CLAUSE_BREAK = re.compile(
    r"[;:]|,? (?:but|however|although|though|whereas|while|yet|instead|nevertheless|except|because|"
    r"and then)\b|"
    r", (?:and|so|or|which|who|we|you|it|they|i|as (?:we|i|you|it|they)) |"
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
QUOTE = re.compile(r'"[^"\n]{1,400}"')
SINGLE_QUOTE = re.compile(r"(?<![A-Za-z0-9])'[^'\n]{2,200}?(?:'[a-z][^'\n]{0,120}?)*'(?![A-Za-z0-9])")
MENTION = _words(
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
ATTRIBUTION = _words(
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
EXAMPLE = _words(
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
CONDITION = _words(
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
HISTORY = _words(
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
    r'^(?:\(?[\da-z.]{1,6}[.)]? +)?["\'*]*[A-Z][\w \'/-]{1,50}["\'*]* (?:means?|has the meaning|'
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
BAD_HEADING = Quick(
    r"\b(?:avoid|do not|don't|never|wrong|bad|poor|unacceptable|prohibited|banned|examples?|not to (?:say|"
    r"write|use)|myths?|"
    r"scams?|misleading|before|old wording|training)\b",
    re.IGNORECASE,
)
