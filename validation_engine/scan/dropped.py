"""Words that take back what was said: wished for and refused, left out, of an older paper or law."""

from __future__ import annotations

import re

from validation_engine.scan.quick import Quick

# What was thought of and not done: "a fixed sum was considered and left out".
DROPPED_AFTER = re.compile(
    r"^[^.;!?]{0,80}?(?:\band|\bbut|\bwhich|,) (?:(?:we|they|it|that(?: \w+)?|i|he|she|both|the \w+|were|"
    r"was|is|are|have|has|had|then|been|in the end|finally) ){0,4}(?:left (?:(?:it|them|that|this|one) "
    r")?out|(?:decided|agreed) (?:against|not to)|rejected\b|refused\b|withdrawn\b|gone\b|turned (?:(?:it|"
    r"that|them|this) )?down|dropped\b|thought better of|"
    r"put (?:it|that|them) aside|(?:gave|given) (?:it|that|them) a miss|said no\b|"
    r"walked away|passed on (?:it|that)\b)",
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
