"""Numbers with check digits or a fixed form; a number counts only with its label near it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stdnum import iban as iban_number
from stdnum.gb import utr as utr_number
from stdnum.gb import vat as vat_number

from validation_engine.checks.layout import separated
from validation_engine.checks.registry import (
    CheckResult,
    Context,
    Finding,
    check,
    failed,
    not_applicable,
    passed,
)
from validation_engine.scan.quick import Quick

if TYPE_CHECKING:
    from collections.abc import Callable

# From a label to its number: ": ", "   |  ", " is shown as ".
_TO = r"[ :.|(#)-]{0,40}(?:(?:is|are|was|as|shown|given|reads|follows)[ :]{1,3}){0,3}"
_VAT = Quick(
    r"\bvat(?: ?(?:reg(?:istration|istered|'d)?|id|identification))?\.?(?: ?(?:no|number|nr))?\.?"
    r"(?: ?(?:is|:|-|#))? ?\(?"
    r"(?P<number>(?:GB|XI) ?\d{3} ?\d{4} ?\d{2}(?: ?\d{3})?(?!\d)|(?:GB|XI)(?: ?\d){7,13}(?!\d)|"
    r"\d{3} ?\d{4} ?\d{2}(?: ?\d{3})?(?!\d))|\b(?P<bare>(?:GB|"
    r"XI) ?\d{3} ?\d{4} ?\d{2}(?: ?\d{3})?)\b(?! ?\d)",
    re.IGNORECASE,
)
_IBAN = Quick(
    rf"\biban(?: (?:no|number|code))?{_TO}"
    r"(?P<number>[A-Z]{2}\d{2}(?: ?[A-Z0-9]){8,30})",
    re.IGNORECASE,
)
_UTR = Quick(
    r"\b(?:utr|unique tax(?:payer)?(?:'s)? reference)\b(?: \(utr\))?(?: (?:no|number)\b)?"
    rf"{_TO}"
    r"(?P<number>\d(?: ?\d){9}|\d(?: ?\d){12})(?!\d)",
    re.IGNORECASE,
)
_NINO = Quick(
    r"\b(?:national insurance|n\.?i\.?|nino)(?: (?:no|number))?\.?(?:,? (?!and\b|or\b)[\w']+){0,12}?,?"
    rf"{_TO}(?P<number>[A-Z]{{2}} ?\d{{2}} ?\d{{2}} ?\d{{2}} ?[A-Z]?)\b|"
    # Right after its label, whatever is long enough is meant for one.
    rf"\b(?:national insurance (?:no|number)|n\.?i\.? (?:no|number)|nino){_TO}"
    r"(?P<odd>[A-Z0-9]{1,2}(?: ?\d{1,2}){2,4} ?[A-Z]?)(?![\w/])",
    re.IGNORECASE,
)
_NINO_FORM = Quick(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\d{6}[A-D]")
_COMPANY = Quick(
    r"\b(?:company|registered|registration|companies house|incorporated|partnership)"
    r"(?: (?:registration|reg|registered))?\.?"
    r"(?: (?:in (?:scotland|england(?: (?:and|&) wales)?|wales|northern ireland|the uk)))?(?:,)?(?: (?:under|"
    r"with))?(?: (?:company))?"
    r"(?: ?(?:no|number(?:ed)?|nr))\.?(?: (?:is|"
    r"of))?[ :(|]{0,40}(?P<number>\d{8}(?= )|[A-Z]{0,2}[ ]?\d[\d ]{2,9}[A-Z0-9]?)(?![\w-])|"
    r"\b(?:company|companies house)(?: (?:registration|reg|registered))?\.? (?:no|number)\b"
    rf"{_TO}(?P<odd>[A-Z]{{0,2}}\d(?:[A-Z]?[-/ ]?\d){{2,8}})(?![\w-])|"
    r"\b(?:registered|incorporated) in (?:scotland|england(?: (?:and|&) wales)?|wales|northern ireland)"
    r"(?: as)?[,:]? \(?(?P<bare>(?:[A-Z]{2} ?)?\d{4,9})(?![\w-])|"
    r"\b(?:limited|ltd|llp|plc|cic)\.?,? \((?:no\.? ?|number )?(?P<behind>[A-Z]{2}\d{3,9}|\d{5,9})\)|"
    r"(?:^|\|) *company:? (?P<beside>[A-Z]{0,2}\d{3,9})(?= *(?:\||$))",
    re.IGNORECASE | re.MULTILINE,
)
_COMPANY_FORM = Quick(
    r"(?:\d{8}|(?:AC|BR|CE|CS|FC|FE|GE|GN|GS|IC|IP|LP|NA|NC|NF|NI|NL|NO|NP|NR|NV|NZ|OC|OE|PC|R0|RC|RS|SA|"
    r"SC|SE|SF|SG|SI|SL|SO|SP|"
    r"SR|SZ|ZC)\d{6})",
    re.IGNORECASE,
)
# Words before a label that make the number one of another register.
_OTHER_REGISTER = Quick(
    r"\b(?:vat|tax|charit\w+|vehicle|car|fca|firm|financial services|data protection|ico|pension|patent|"
    r"trade ?mark|gas safe|"
    r"waste|paye|employer'?s?|ireland|irish|germany|france|netherlands|jersey|guernsey|isle of man|"
    r"delaware|usa)\b[^\n.;]{0,40}$",
    re.IGNORECASE,
)
_COMPANY_CONTEXT = Quick(
    r"\b(?:company|companies|incorporated|registered|limited|ltd|plc|llp)\b", re.IGNORECASE
)
_DIGITS_OF_BRANCH = 12


def _vat_is_valid(number: str) -> bool:
    compact = vat_number.compact(number.upper().replace("XI", "", 1))
    return bool(vat_number.is_valid(compact[:9] if len(compact) == _DIGITS_OF_BRANCH else compact))


def _examine(
    context: Context,
    pattern: Quick,
    valid: Callable[[str], bool],
    what: str,
    concerns: Callable[[re.Match[str]], bool] = bool,
) -> CheckResult:
    """Answer for every labelled number of one kind that `concerns` the check."""
    wrong, seen = [], 0
    for found in filter(concerns, pattern.finditer(separated(context.document))):
        name = next(group for group in found.groupdict() if found[group])
        number = found[name].strip()
        seen += 1
        if not valid(number):
            wrong.append(Finding(found.start(name), found.start(name) + len(number)))
    if not seen:
        return not_applicable(f"The document gives no {what}.")
    return failed(None, *wrong) if wrong else passed()


@check("vat_number")
def vat_number_check(context: Context) -> CheckResult:
    """Every UK VAT number passes its check digits."""
    return _examine(context, _VAT, _vat_is_valid, "UK VAT number")


@check("iban")
def iban_check(context: Context) -> CheckResult:
    """Every IBAN passes mod 97 and has its country's length."""
    return _examine(context, _IBAN, lambda number: bool(iban_number.is_valid(_trimmed_iban(number))), "IBAN")


def _trimmed_iban(number: str) -> str:
    """Drop words that follow the number: a British IBAN has 22 characters."""
    compact = number.replace(" ", "").upper()
    return compact[:22] if compact.startswith("GB") else compact


@check("utr")
def utr_check(context: Context) -> CheckResult:
    """Every Unique Taxpayer Reference passes its check digit."""
    return _examine(
        context, _UTR, lambda number: bool(utr_number.is_valid(number.replace(" ", "")[-10:])), "UTR"
    )


@check("national_insurance_number")
def nino_check(context: Context) -> CheckResult:
    """Every National Insurance number has an allowed prefix and suffix."""
    return _examine(
        context,
        _NINO,
        lambda number: bool(_NINO_FORM.fullmatch(number.replace(" ", "").upper())),
        "National Insurance number",
    )


@check("company_number")
def company_number_check(context: Context) -> CheckResult:
    """Every company number is eight digits, or two known letters and six digits."""
    return _examine(context, _COMPANY, _company_is_valid, "company number", _is_of_companies)


_FOREIGN_REGISTER = re.compile(
    r"[^.;\n]{0,24}\b(?:commercial|trade|companies) register (?:of|at|in)\b", re.IGNORECASE
)


def _is_of_companies(found: re.Match[str]) -> bool:
    """Whether the label speaks of the register of companies: "VAT registration number" does not."""
    before = found.string[max(found.start() - 60, 0) : found.start()]
    if _FOREIGN_REGISTER.match(found.string, found.end()):
        return False
    label = found.group().lower()
    if "company" in label or "companies" in label:
        return not re.search(
            r"\b(?:vat\b[^\n;\d]{0,24}|"
            r"(?:(?<!northern )ireland|irish|jersey|guernsey|isle of man|delaware|germany)\b"
            r"[^\n;]{0,24})$",
            before,
            re.IGNORECASE,
        )
    if (
        _OTHER_REGISTER.search(before + label.split("no")[0].split("number")[0])
        and "northern ireland" not in (before + label).lower()
    ):
        return False
    return not label.startswith("registration") or bool(_COMPANY_CONTEXT.search(before))


def _company_is_valid(number: str) -> bool:
    compact = number.replace(" ", "").upper()
    return bool(_COMPANY_FORM.fullmatch(compact)) or _is_other_register(compact)


def _is_other_register(compact: str) -> bool:
    """Whether a number after "registration no." is that of VAT or of a charity."""
    return bool(re.fullmatch(r"(?:GB|XI)\d{9,12}|(?:IP|SP)?\d{4,6}R[AS]?", compact))
