"""Wordings that put a person into a role: the group `who` is a name, or the writer of the letter."""

from __future__ import annotations

import re

import msgspec

from validation_engine.scan.cue import Cue

_NAME = (
    r"(?P<who>(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Cllr|Sir|"
    r"Dame|Capt|Captain|Major|Col|Colonel|Lt|Cdr|Commander|Rev|Reverend|Fr|Father|Sister|Lord|Lady|"
    r"Councillor|Provost|Sgt|Sergeant|Inspector|Sheriff)\.? )?(?:[A-Z]\.? ?){0,2}[A-Z][a-z][\w'-]*(?: "
    r"(?:[A-Z]\. ?)?[A-Z](?![A-Z]+\b)[\w'-]+){0,2}|[Yy]our (?:own )?(?:\w+ )?(?:manager|supervisor|foreman|"
    r"chargehand)\b(?!'s)|"
    r"I(?:'(?:ll|m|ve|d))?|me|myself)"
)
_ASIDE = r"(?:, [^,.;]{2,60},|,? who [^.;]{2,150}?,(?! (?:and )?who\b)|,(?= (?!who\b)[a-z]))?"
# "by the kitchen manager, Tom Aird".
_OFFICE = r"(?:(?:the|our|your|an?) (?:(?:[a-z][\w'-]*|[A-Z]{2,}),? ){1,6})?"
_ADVERBS = (
    r"(?: (?:have|has|had|also|then|personally|alone|myself|herself|himself|themselves|previously|already|"
    r"now|both|who|will|shall|would|be|been|have to|need to|normally|usually|therefore|again|of course|"
    r"be the one to|be the person to|was asked to|was appointed to|and))*"
)


class Wordings(msgspec.Struct, frozen=True):
    """Patterns of a role, and a cue of which one stands in every match."""

    cue: Cue
    patterns: tuple[re.Pattern[str], ...]


def _roles(cue: str, *templates: str) -> Wordings:
    filled = (
        one.replace("by NAME", "by OFFICENAME")
        .replace(" NAME", "[ :]{1,24}NAME")
        .replace(" OFFICE", f"[ :]{{1,24}}{_OFFICE}")
        .replace("NAME", _NAME)
        .replace("ASIDE", _ASIDE)
        .replace("ADV", _ADVERBS)
        for one in templates
    )
    return Wordings(Cue(cue), tuple(re.compile(rf"\b{one}\b") for one in filled))


INVESTIGATES = _roles(
    "investigat|enquir|inquir|look(?:ed|ing) into|finding out|statement|evidence|witness|fact-find",
    r"NAMEASIDEADV (?:investigated|investigate|investigating|(?:carried out|ran|"
    r"carry out|conducted|led|undertook|did|completed|made|headed) (?:the|an|"
    r"my|this|a|that) (?:\w+ )?(?:investigation|enquiry|inquiry)|looked into(?! that\b))",
    r"(?i:investigat(?:ion|ed)|enquiry|inquiry|looked into)(?: [\w'-]+){0,6} by NAME",
    r"NAME's (?:\w+ )?(?:investigation|enquiry|inquiry)",
    r"NAME,? who (?:also |has |had |had also |has also )*(?:investigated|did the investigation|"
    r"carried out the investigation|ran the investigation|looked into(?! that\b))",
    r"(?i:looked into|investigated)(?: [\w'-]+){1,4} (?P<who>myself)",
    r"(?i:investigating (?:manager|officer)),? (?:was|is|will be)? ?NAME",
    r"NAME, (?:(?:the|as|our|your) )?(?:investigat(?:ing|ion) (?:officer|manager)|investigator)\b",
    r"(?i:investigator|fact-find(?:er|ing)|investigat(?:ed|ion) by|investigating (?:officer|manager))"
    r"(?:,? (?:was|is)|:| \|) NAME",
    r"(?i:investigation(?: stage)?|enquiry)(?::| \|) NAME",
    r"NAMEASIDEADV (?:ran|runs|handled|was in charge of|is in charge of|wrote|"
    r"prepared) the (?:\w+ )?(?:investigation|enquiry)",
    r"NAMEASIDEADV (?:takes?|took|collect(?:s|ed)|gather(?:s|ed)|obtain(?:s|ed))(?: \w+){0,3} "
    r"(?:statements?|evidence|facts)\b",
    r"NAMEASIDEADV (?:interviewed|questioned|spoke to|spoken to)(?: \w+){0,3} witnesses",
    r"NAMEASIDEADV (?:made|making) (?:\w+ )?(?:enquiries|inquiries)",
    r"NAME's (?:\w+ )?(?:fact-find\w*|enquiries|inquiries)",
    r"NAMEASIDEADV (?:spent|took) [^.;]{2,40} (?:looking into|investigating|finding out)",
    r"NAMEASIDEADV (?:spoke|talked) (?:to|with) [^.;]{2,60}(?:,|,? and) (?:took|collected|gathered|obtained)"
    r"(?: \w+){0,3} (?:statements?|evidence)\b",
)
CHAIRS = _roles(
    "chair|hear|conduct|hold|held|tak|lead|led|decid|run|ran|charge|meeting|panel",
    r"NAME (?:[\w'-]+ ){1,10}and (?:I )?(?:will|shall|would|then)(?: \w+){0,2} "
    r"(?:chair|hear|conduct|hold|take|lead) (?:the|your|this|that) (?:\w+ )?(?:hearing|"
    r"meeting|case)",
    r"NAMEASIDEADV (?:chair|hear|conduct|hold|take|lead|chaired|heard|conducted|"
    r"held|led|chairing|hearing|"
    r"conducting|holding|taking|leading)(?: (?:at|of))? (?:the|your|this|that) (?:\w+ "
    r")?(?:hearing|meeting|case)",
    r"NAMEASIDEADV (?:be )?(?:chair|hear|conduct|hold|take|run)(?:ing)? it\b",
    r"NAMEASIDEADV (?:be )?(?:decid(?:e|ing)|mak(?:e|ing)|reach(?:ing)?|tak(?:e|ing)) (?:on )?(?:the|your|"
    r"a) (?:outcome|decision|case)",
    r"(?P<who>I)(?: am| will be| shall be)(?: also)? the (?:person|one|manager) who (?:will |is to )"
    r"?(?:hear|decide|chair|take|conduct)",
    r"(?i:it (?:will be|is)) (?P<who>me|I|myself) (?:who|that) (?:will )?(?:takes?|chairs?|hears?|"
    r"conducts?|holds?|leads?)",
    r"(?i:hearing|meeting|panel|case)(?:'ll|'s)?(?: [\w',-]+){0,6}(?: |:)[ :]{0,24}(?i:chaired|conducted|"
    r"heard|led|held|taken) by NAME",
    r"(?i:(?:disciplinary )?(?:hearing|meeting|panel)(?: stage)?)(?::| \|) NAME",
    r"NAMEASIDEADV (?:be )?in charge of (?:the|your|this) (?:\w+ )?(?:hearing|meeting|panel)",
    r"(?i:(?:person|one|manager) (?:who (?:will )?)?(?:hold|chair|hear|tak|lead|decid)(?:ing|s|"
    r"es)?(?: (?:the|your|this))?"
    r"(?: \w+)? (?:hearing|case|meeting)(?: is| will be)) NAME",
    r"(?i:chair(?:person|man|woman)?)(?: of (?:the )?(?:\w+ )?(?:hearing|panel|meeting))?(?: (?:is|was|"
    r"will be)|:| \|) NAME",
    r"NAMEASIDEADV (?:run|running|ran) (?:the|your|this) (?:\w+ )?(?:hearing|meeting|disciplinary)",
    r"(?i:hearing (?:officer|manager)|disciplinary (?:officer|manager))(?:,? (?:is|was|will be)|:| \|) NAME",
    r"(?i:hearing|meeting|case) (?:will be|is|is to be|takes place|will take place|goes|comes) before NAME",
    r"(?i:it(?:'s| is| will be|'ll be)) NAME (?:who|that)(?: (?:will|is to|then|also|shall)){0,2} "
    r"(?:chairs?|hears?|decides?|takes? (?:the|your) (?:hearing|case|decision))\b",
    r"NAMEASIDEADV (?:sit|sitting) (?:as chair|as the (?:decision|disciplinary))",
)
_PANEL = r"(?: (?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?(?:[A-Z]\.? ?)*[A-Z][a-z]\w+(?: [A-Z][a-z]\w+)?,?(?: and)?){0,3}"
_DECISION = "decided|decision|concluded|determined|warning|dismiss|gave|given|issued|imposed"
DECIDES = _roles(
    _DECISION,
    r"NAMEASIDEADV (?:decided|concluded|determined) (?:to|that)",
    r"NAME'(?:s)? decision",
    r"(?i:decision|warning|dismissal) (?:was|is) NAME(?<='s)",
    r"(?i:it was) NAME (?:who|that) (?:decided|concluded|dismissed|(?:took|made|reached) the decision)",
    r"(?i:panel|committee) (?:of|was|comprised|comprising|consisted of|consisting of|"
    r"made up of) NAME\b[^.;]{0,90}"
    r"(?:decided|dismissed|concluded|imposed|gave|issued|heard)",
    rf"(?i:panel|committee) (?:of|was|comprised|comprising|consisted of|consisting of|"
    rf"made up of){_PANEL} NAME\b[^.;]{{0,60}}"
    r"(?:decided|dismissed|concluded|imposed|gave|issued|heard)",
    r"(?i:decision|warning|dismissal)(?: (?!heard|considered|chaired|reviewed|dealt|held|"
    r"conducted|sent|confirmed|communicated|notified|recorded|supported|reconsidered|attended|"
    r"appeal\w*)[\w'-]+){0,6} "
    r"(?:of|by|made by|taken by|issued by|given by) OFFICENAME",
    r"NAMEASIDEADV (?:dismissed you|gave (?:to )?you|issued (?:to )?(?:you|the|a)|"
    r"took the (?:\w+ )?decision|made the (?:\w+ )?decision|imposed)",
    r"(?i:decision[- ]maker|(?:original |first )?decision(?: by)?(?=:| \|)|decided by|dismissed by|"
    r"given by|dismissing (?:officer|manager)|"
    r"(?:disciplinary (?:hearing|decision|outcome|stage)|hearing|dismissal|warning|outcome)(?: (?:and|&|"
    r"/) (?:the )?"
    r"(?:decision|dismissal|warning|outcome|hearing))*(?: (?:by|manager|officer|chair))?(?=:| \|)|"
    r"(?:decision|penalty|sanction) (?:was |is )?(?:taken|made|reached|imposed) by)"
    r"(?:,? (?:is|was)|:| \|)? NAME",
)
DECIDES_OR_CHAIRS = Wordings(
    Cue(f"{_DECISION}|chair|hear|conduct|hold|held|tak|lead|led"), DECIDES.patterns + CHAIRS.patterns
)
# Said of the first decision in a sentence that is about an appeal too.
DECIDED_FIRST = _roles(
    f"{_DECISION}|took|made|reach|chair|hear|conduct|sign|warn",
    r"NAME(?: \([^()]{2,40}\))?,? (?:who|and who|the person who|the manager who|"
    r"whose decision) (?:\w+ ){0,3}?(?:took|made|"
    r"reached|issued|gave|imposed|dismissed|decided|chaired|heard|conducted|signed|warned|held)"
    r"(?! (?:\w+ ){0,2}appeal)(?: (?:the|this|that|you|your|on|to|it|a|at|against))",
    r"NAME (?:dismissed you|gave you (?:the|a|your)|issued (?:you|your|the (?:\w+ )?warning)|"
    r"took the (?:original |first )?decision|made the (?:original |first )?decision|"
    r"(?:chaired|heard|held|conducted) (?:the|your) (?:disciplinary|original|first))",
)
_SITS = (
    r"(?i:(?:the|your|this) (?:panel|committee|board)|(?:the|its) chair\w*|"
    r"(?:hearing|taking) (?:it|your appeal)) "
    r"(?:will (?:be|comprise|consist of)|is to be|is|consists of)"
)
HEARS_APPEAL = _roles(
    "hold|hear|chair|consider|decide|deal|determine|conduct|look|held|led|taken|appeal|panel|go over|review|"
    "revisit|think|answer|decision|final",
    r"NAMEASIDEADV (?:hold|holding|hear|heard|chair|chaired|consider|considered|decide|decided|"
    r"deal with|dealt with|determined?|conduct|look at|reconsider)(?:ing)? (?:the|"
    r"your|any|this|that|it|an|what you (?:say|write))",
    r"NAMEASIDEADV (?:hear you|(?:go over|look (?:again )?at|review|revisit|think (?:again )?about) (?:my|"
    r"the|"
    r"your|it|this|that)|give you my (?:final )?(?:answer|decision|view)|make (?:my|the|a) final decision|"
    r"have the (?:last|final) (?:word|say))",
    r"(?P<who>I(?:'ll)?) (?:[\w'-]+ ){1,10}(?:to|and)(?: then)? (?:hear you|go over my|reconsider (?:my|"
    r"the|it)|"
    r"review my|look again at)",
    r"(?i:heard|chaired|considered|decided|dealt with|conducted|determined|held|led|taken) by NAME",
    r"(?i:appeal (?:manager|officer|chair|hearer|panel|heard by|to be heard by))(?:,? (?:is|was|will be)|:|"
    r" \|) NAME",
    r"NAMEASIDEADV (?:be )?tak(?:e|ing) (?:the|your|any|that|an) (?:\w+ )?appeals?\b",
    r"NAMEASIDEADV (?:the )?appeals? (?:manager|officer|chair|hearer)",
    r"(?i:appeals?(?: (?:hearing|stage|by|chair|decided by|considered by))?)(?::| \|) NAME",
    rf"(?i:appeal (?:panel|committee|board))(?: (?!not)\w+){{0,3}} (?:be|is|was|are|of|comprises?|by|"
    rf"includes?){_PANEL} NAME",
    rf"{_SITS} NAME",
    rf"{_SITS}{_PANEL} NAME",
    r"NAME,? (?:who|and) (?:\w+ ){0,5}?(?:hear|consider|decide|chair|determine) (?:the|your|any|this|that|"
    r"it|an|them|appeals?)\b",
)
RECEIVES_APPEAL = _roles(
    " (?:to|with)\\b",
    r"(?i:appeals? to)(?::| \|) NAME",
    r"(?i:write|writing|send|sent|address(?:ed)?|submit(?:ted)?|put|apply|made|"
    r"appeal|appeals|appealing|lodged?|directed?|returned?|back|letter|reasons|"
    r"grounds)(?: [\w,'()-]+){0,8} (?:to|with) OFFICENAME",
)
NO_NAME = {
    "acas", "appeal", "your", "the", "this", "any", "following", "after", "before",
    "his", "her", "our", "hr", "if", "please", "company", "human", "people",
    "hearing", "disciplinary", "you", "we", "they", "she", "he", "it", "monday",
    "room", "office", "hall", "boardroom", "house", "street", "floor", "depot", "building", "dismissal",
    "tuesday", "wednesday", "thursday", "friday", "department", "services",
}  # fmt: skip
