"""How statements of the Construction Industry Scheme call labour, materials, the gross and the deduction."""

from __future__ import annotations

import re

from validation_engine.scan.quick import Quick

# "(C) On which a deduction must be made": the labour by what is done with it.
_DEDUCTED_FROM = (
    r"(?:on|from) which (?:a |the |any |cis |tax |we )*(?:deduction|deduct|tax)|"
    r"(?:amount|sum|figure|balance|part|remainder|payment) (?:left )?(?:for|bearing|open to|chargeable to|"
    r"attracting) (?:the |cis )?deduction|deductible (?:amount|part|payment)|taxable (?:amount|part|payment)"
)
LABOUR = re.compile(
    r"\b(?:labour|wages part|amount (?:liable|subject)(?: to)?(?: cis)?(?: deduction)?|liable to deduction|"
    r"subject to (?:cis )?deduction|"
    r"(?:net of|excluding|less) materials(?! ?(?:of |at |: ?)?\xa3)|c[ .)(:]{1,4}a (?:less|minus|"
    rf"-) b|{_DEDUCTED_FROM})\b",
    re.IGNORECASE,
)
# The labour told once more, as what is left when materials are taken off.
RESTATED = re.compile(rf"\b(?:{_DEDUCTED_FROM}|net of materials|less materials)\b", re.IGNORECASE)
MATERIALS = re.compile(
    r"\b(?:materials?|timber|(?:you|you'd|you had|you have) (?:bought|supplied|paid for)|"
    r"bought by you|"
    r"of (?:which|this|that)(?= [a-z])(?! [\w' ]{0,20}\b(?:labour|wages|vat|tax|cis|deduct\w*|paid)))\b",
    re.IGNORECASE,
)
GROSS = re.compile(
    r"\b(?:gross(?! (?:payment )?status)|total (?:payment|of (?:your |the |this )?invoices?|invoiced)|"
    r"amount invoiced|amount of (?:your |the |this )?invoices?|"
    r"before (?:the |any |cis )?(?:deductions?|tax))\b",
    re.IGNORECASE,
)
DEDUCTION_COLUMN = re.compile(
    r"\b(?:cis\b(?! (?:no|number|ref|status))|deduct(?:ed|ion|ions)|tax (?:deducted|withheld|taken|off|"
    r"stopped|20|30|@|at)|"
    r"withheld|taken off|kept back)|^tax$",
    re.IGNORECASE,
)
RATE_COLUMN = re.compile(r"(?:cis |deduction |tax )?rate(?: \(?%\)?)?|%", re.IGNORECASE)
DEDUCTION = Quick(
    r"\b(?:cis|deduct(?:ed|ion|ions|s|ing)?|tax (?:\w+ ){0,4}(?:withheld|retained|kept|held back|taken|"
    r"stopped))\b",
    re.IGNORECASE,
)
# So only a statement of the scheme calls it.
LOOSE_DEDUCTION = Quick(
    r"\b(?:tax (?:is |was )?(?:at|@|of)|took|tak(?:en|es?|ing)|kept|keep(?:ing)?|held|hold(?:ing)?|withheld|"
    r"withhold(?:ing)?|stopp(?:ed|ing)|los(?:e|es|ing)|"
    r"treatment|"
    r"(?:higher|standard|tax|applicable) rate|rate(?: (?:of tax|applied|used))?[: |]|percentage)",
    re.IGNORECASE,
)
OTHER_DEDUCTION = Quick(
    r"\b(?:vat (?:at|@)|retention|discount|interest|student loan|levy|mileage|penalt\w*)", re.IGNORECASE
)
NOT_DEDUCTION = Quick(
    r"\b(?:liable to|subject to|before|after|net of|vat)\b[^\n]{0,20}\bdeduct|\bno deduction|\bgross amount",
    re.IGNORECASE,
)
# What is said of subcontractors in general, or of another one.
GENERAL = Quick(
    r"\b(?:first thought|mistake|people|those|anyone|somebody|someone|a (?:man|firm|person|subcontractor)|"
    r"others|"
    r"your (?:mate|brother|son|friend|partner|colleague)|lads?|pals?) |"
    r"^(?:an? (?! )|any |some |if |where |"
    r"when (?![\w' ]{0,30}\b(?:checked|entered|looked|put|rang|tried|typed|verified)\b)|"
    r"keep |unless |subcontractors? (?:who|whom|that|with)|"
    r"contractors )|\bsubcontractors (?:who|whom|"
    r"that)\b|\bwhom hmrc\b|\basked?\b[\w ,]{0,40}\bwhether\b",
    re.IGNORECASE,
)
