"""Parties, numbers, dates, rates and totals of invoices in different layouts."""

from __future__ import annotations

import pytest

from tests.validation_engine.checks.checking import checked
from validation_engine.checks.invoices.parties import pieces, text_of
from validation_engine.documents.plain import read_plain

SIDE_BY_SIDE = """\
From                          Invoice to
Gairloch Slate Ltd            Doune Estates LLP
8 Quarry Brae                 6 Main Street
Gairloch IV21 2BT             Doune FK16 6BJ
"""


def test_columns_side_by_side_belong_to_their_own_party() -> None:
    found = pieces(read_plain("From:      Invoice to:\n" + SIDE_BY_SIDE.split("\n", 1)[1]))
    assert "Gairloch IV21 2BT" in text_of(found, "supplier")
    assert "Doune FK16 6BJ" in text_of(found, "customer")


def test_a_customers_address_is_not_the_suppliers() -> None:
    text = "SlateWorks\nBill to:\nDoune Estates LLP\n6 Main Street\nDoune FK16 6BJ\n"
    assert checked("supplier_identity", text).verdict == "FAIL"
    assert checked("customer_identity", text).verdict == "PASS"


# The lines' currency is not that of the VAT.
_TWO_CURRENCIES = """\
What       Qty   Each EUR   Net EUR   VAT
Book         1      50.00     50.00    0%
Panels       2      50.00    100.00   20%
Total before VAT       EUR   150.00
To pay                 EUR   170.00
In sterling
Net   £129.60
VAT    £16.00
Gross £145.60
"""
_BY_RATE = """
                              Net      Rate     VAT
Servicing                     £180.00   20%   £36.00
Over-60 fitting of grab rails £240.00    5%   £24.00
                              -------         ------
                              £420.00         £60.00
Total to pay £480.00
"""


@pytest.mark.parametrize(
    ("check", "text", "verdict"),
    [
        ("invoice_date", "Invoice date (and tax point): 01/06/2026", "PASS"),
        ("invoice_date", "Invoice number 61 \xb7 5 August 2026", "PASS"),
        ("line_arithmetic", "Qty   Price   Disc   Net price\n24    1.85    10%    39.96", "PASS"),
        ("line_arithmetic", "Qty   Price   Disc   Net price\n24    1.85    10%    39.99", "FAIL"),
        ("line_arithmetic", "          Qty   Price   Net\nCards (1,000)   2   £48.00   £96.00", "PASS"),
        (
            "net_sum",
            "Bed   2 x £95.00   £190.00\nLunch   4 x £8.00   £32.00\nNet   £185.00\nTotal   £222.00",
            "PASS",
        ),
        (
            "net_sum",
            "Day   1.5 x £480 = £720.00\nPilot £150.00\nMiles   86 x £0.45 = £38.70\nNet = £908.70",
            "PASS",
        ),
        (
            "net_sum",
            "Day   1.5 x £480 = £720.00\nPilot £150.00\nMiles   86 x £0.45 = £38.70\nNet = £918.70",
            "FAIL",
        ),
        # What is far from right may be the total of something else.
        ("net_sum", "Day   2 x £480 = £960.00\nPilot £150.00\nNet = £1,101.00", "FAIL"),
        ("net_sum", "Day   2 x £480 = £960.00\nPilot £150.00\nNet = £4,110.00", "NEEDS_REVIEW"),
        ("line_arithmetic", "60 creels, 26 inch @ £58.00 each = £3,480.00", "PASS"),
        ("line_arithmetic", "60 creels, 26 inch @ £58.00 each = £3,840.00", "FAIL"),
        ("line_arithmetic", "Ten lessons of 45 minutes, at £24.00 = £240.00", "PASS"),
        ("line_arithmetic", "4 sheets ply 18 mm, 2440 x 1220    £22.00    £88.00", "PASS"),
        ("line_arithmetic", "1 door set 1981 x 762 x 44    £615.00", "NOT_APPLICABLE"),
        ("line_arithmetic", "22 hours 30 minutes at £210 an hour   4,725.00", "PASS"),
        ("line_arithmetic", "22 hours 30 minutes at £210 an hour   4,752.00", "FAIL"),
        ("line_arithmetic", "1 length, Lovat, 3.5 m, at £112.00: £112.00 net", "PASS"),
        (
            "vat_arithmetic",
            "Aid, 12 at £85, £1,020.00 (exempt)\nHire, 2 at £30, £60.00\nNet: £1,080.00\nVAT at 20%: £12.00",
            "PASS",
        ),
        (
            "vat_arithmetic",
            "Jars, 60 x £4.20, 0% ... £252.00\nWax, 12 x £6.50, VAT 20% ... £78.00\nNet £330.00\nVAT £15.60",
            "PASS",
        ),
        ("vat_arithmetic", _BY_RATE, "FAIL"),
        ("invoice_date", "Invoice 7\nWork done on 1 June 2026\nPayable by 1 July 2026", "FAIL"),
        ("invoice_date", "Invoice 7\nThe bill that you hold saw light 1 June 2026", "NEEDS_REVIEW"),
        ("invoice_date", "Invoice 2207. 14 February 2026 (sold the same day).", "PASS"),
        ("vat_arithmetic", "Net EUR 500.00\nVAT 20% EUR 100.00\nIn sterling:\nVAT GBP 86.50\n", "PASS"),
        ("vat_arithmetic", _TWO_CURRENCIES, "NEEDS_REVIEW"),
        ("vat_arithmetic", "£112.00 net, £22.40 VAT at 20%, £134.40 altogether.", "PASS"),
        (
            "quantity_unit_price",
            "Fence posts, gate hinges, creosote and two rolls of netting    £1,240.00",
            "FAIL",
        ),
        ("quantity_unit_price", "Less posts, gate hinges, creosote and netting    £1,240.00", "PASS"),
        ("quantity_unit_price", "Oak frame for porch, made and erected, one    £5,200.00", "PASS"),
        ("line_arithmetic", "Boarding, 4 dogs for 9 nights at £16.50 a night each: £594.00", "PASS"),
        ("line_arithmetic", "Boarding, 4 dogs for 9 nights at £16.50 a night each: £549.00", "FAIL"),
        (
            "description",
            "Partitions to offices for your own use:\nLabour   £2,400.00\nMaterials   £1,600.00",
            "PASS",
        ),
        ("description", "Invoice 440\nLabour   £2,400.00\nMaterials   £1,600.00", "FAIL"),
        ("line_arithmetic", "Two men for 3 days at £180.00 = £1,080.00", "PASS"),
        ("line_arithmetic", "90 minutes at £40.00 per hour = £60.00", "PASS"),
        ("line_arithmetic", "Tea, 2 servings x 24 at £2.25 = £108.00", "PASS"),
        ("net_sum", "- Hall: £420.00\n- Tea, 2 x 24 at £2.25: £108.00\n\nNet: £578.00\nVAT: £115.60", "FAIL"),
        (
            "net_sum",
            "Hull, fixed price    £640.00\nAnodes 4 x £18.50    £74.00\nNet    £714.00",
            "PASS",
        ),
        ("company_number", "Registered in Northern Ireland, Company Reg. No. NI12345678", "FAIL"),
        ("description", "Description: As agreed\nUnit price: £150.00\nNet: £150.00", "FAIL"),
        ("description", "Invoice 301\nTo our account: £820.00\nVAT at 20%: £164.00\nTotal: £984.00", "FAIL"),
        ("company_number", "VAT 439 7626 10   Company number SC6129", "FAIL"),
        ("company_legal_name", "Speyside Signs\nInvoice 7120 to Burghead Boatyard Ltd", "FAIL"),
        ("supplier_vat_number", "Job: HG-882\nVAT Registration: 322 0038 22\nVAT £4.00", "PASS"),
        ("line_arithmetic", "90 minutes at £40.00 per hour = £66.00", "FAIL"),
        (
            "gross_sum",
            "Standard rate net   946.00\nZero rate net   258.00\nVAT   189.20\nTotal   1,393.20",
            "PASS",
        ),
        (
            "gross_sum",
            "Standard rate net   946.00\nZero rate net   258.00\nVAT   189.20\nTotal   1,339.20",
            "FAIL",
        ),
        ("gross_sum", "Net   946.00\nVAT   189.20\nLess deposit   100.00\nTotal due   1,035.20", "PASS"),
        ("gross_sum", "Net altogether   946.00\nVAT altogether   189.20\nTo pay   1,139.20", "FAIL"),
        ("vat_rate_stated", "Total with VAT £33.60\nA = 20%. Goods £28.00 + VAT £5.60", "PASS"),
        ("invoice_date", "Date of this credit note: 20 November 2025", "PASS"),
        ("invoice_date", "Invoice 20981, dated and supplied 2 July 2026", "PASS"),
        ("line_arithmetic", "What   How many   Each   Comes to\nTuning   14   £62.00   £886.00", "FAIL"),
        (
            "net_sum",
            (
                "What   How many   Each   Comes to\nTuning   14   £62.00   £868.00\n"
                "Strings   1   £38.00   £38.00\nTotal   £906.00"
            ),
            "PASS",
        ),
        ("line_arithmetic", "No.   Thing   At   Money\n3   Adhesive, 20 kg   18.50   58.50", "FAIL"),
        ("line_arithmetic", "Grit 800 kg @ £120 per tonne   £96.00", "PASS"),
        ("line_arithmetic", "Lift 10 days at £140 per week   £200.00", "PASS"),
        ("line_arithmetic", "Lift 10 days at £140 per week   £220.00", "FAIL"),
        (
            "net_sum",
            (
                "Sheets, 20 at £14.00   £280.00\nTowels, 40 at £5.50   £220.00\nOrder A together   £500.00\n"
                "Cloths, 10 at £22.00   £220.00\nOrder B together   £220.00\nNet   £720.00\nVAT   £144.00"
            ),
            "PASS",
        ),
        (
            "net_sum",
            (
                "Pens   7   £1.99   £13.93   £2.79   £16.72\nPads   3   £4.49   £13.47   £2.69   £16.16\n"
                "Totals   £27.40   £5.48   £32.88"
            ),
            "PASS",
        ),
        (
            "vat_arithmetic",
            (
                "Guides, zero-rated\nAmount £370.00\nVAT £0.00\nBags\nAmount £115.00\n"
                "VAT at 20%\nVAT £23.00\nSign\nAmount £280.00\nVAT £56.00\nNet £765.00\nVAT £79.00"
            ),
            "PASS",
        ),
        ("vat_arithmetic", "Rolls, zero-rated £500\nBags £230.00\nNet £730.00\n20% VAT £46.00", "PASS"),
        (
            "vat_arithmetic",
            "Rolls, zero-rated £500\nBags £230.00\nNet £730.00\n20% VAT £64.00",
            "NEEDS_REVIEW",
        ),
        ("vat_arithmetic", "Rolls, zero-rated £500\nBags £230.00\nNet £730.00\n20% VAT £164.00", "FAIL"),
        (
            "gross_sum",
            (
                "Credit before VAT   £660.50\nVAT at 20%   £132.10\nCredit including VAT   £792.60\n\n"
                "FC-2291 was for £2,319.00 including VAT, made up of £1,932.50 and £386.50."
            ),
            "PASS",
        ),
        ("gross_sum", "- Pots, 5 at £10.00: £50.00\n- VAT 20%: £10.00\n- Total: £70.00", "FAIL"),
        (
            "gross_sum",
            (
                "Value of work   £86,400.00\nLess paid   £66,070.00\nDue   £20,330.00\nVAT 20%   £4,066.00\n"
                "Total payable   £24,396.00"
            ),
            "PASS",
        ),
        (
            "net_sum",
            "Design    £480.00\nHosting to 2027    £144.00\nPhotos, 12 @ £9.50    £114.00\nNet   £783.00",
            "FAIL",
        ),
        ("vat_arithmetic", "Net amount: £1,480.00\nVAT rate: 20%\nVAT amount: £269.00", "FAIL"),
        ("vat_arithmetic", "Net amount: £1,480.00\nVAT rate: 20%\nVAT amount: £296.00", "PASS"),
        ("vat_arithmetic", "Before VAT £540.00\nVAT: 20% on the candles (£294.00)   £58.80", "PASS"),
        ("vat_arithmetic", "Before VAT £540.00\nVAT: 20% on the candles (£294.00)   £85.80", "FAIL"),
        (
            "net_sum",
            "Oak, 3 @ £20.00   £60.00\nElm, 4 @ £20.00   £80.00\nLess 10% discount   -£14.00\nNet   £126.00",
            "PASS",
        ),
        (
            "net_sum",
            "Oak, 3 @ £20.00   £60.00\nElm, 4 @ £20.00   £80.00\nNet   £150.00\nVAT 20%   £30.00\n£180 due",
            "FAIL",
        ),
        ("gross_sum", "Shed: £250.00. VAT at 20% is £50.00. That brings the bill to £310.00.", "FAIL"),
        ("gross_sum", "Shed: £250.00. VAT at 20% is £50.00. That brings the bill to £300.00.", "PASS"),
        (
            "net_sum",
            "Oak, 3 @ £20.00   £60.00\nElm, 4 @ £20.00   £80.00\nNet   £140.00\nVAT   £28.00\n6 @ £20 = £120",
            "PASS",
        ),
        ("net_sum", "Hire   £2,150.00\nSetting up   £840.00\nTotal net   £2,630.00\nVAT   £526.00", "FAIL"),
        ("net_sum", "Hire   £2,150.00\nSetting up   £480.00\nTotal net   £2,630.00\nVAT   £526.00", "PASS"),
        (
            "vat_arithmetic",
            "Net £370\nVAT   5%   307.00   15.35\nVAT   20%   63.00   16.20\nVAT £28.95",
            "FAIL",
        ),
        ("vat_fraction", "TOTAL £44.00\nVAT analysis   Rate   Goods   VAT\nA   20%   36.67   8.80", "FAIL"),
        ("vat_fraction", "TOTAL £44.00\nVAT analysis   Rate   Goods   VAT\nA   20%   36.67   7.33", "PASS"),
        ("vat_fraction", "Rope £36.00\nAmount includes VAT at 20% of £7.20\nCash £50.00", "FAIL"),
        ("vat_fraction", "Rope £36.00\nAmount includes VAT at 20% of £6.00\nCash £50.00", "PASS"),
        ("vat_fraction", "TOTAL £120.00\nTotal includes VAT at 20% of £24.00", "FAIL"),
        ("vat_fraction", "TOTAL £120.00\nTotal includes VAT at 20% of £20.00", "PASS"),
        ("vat_fraction", "Total (VAT included): £210.00\nVAT at 5% within the total: £42.00", "FAIL"),
        ("simplified_invoice_limit", "Marquee: £360.00 VAT included at 20%", "FAIL"),
        ("simplified_invoice_limit", "Balls £36.00, VAT included\nYou saved £260.00", "PASS"),
        ("vat_arithmetic", "Gutters, £840.00 plus VAT at 20% of £168.00, £1,008.00 in all.", "PASS"),
        (
            "vat_arithmetic",
            'Net total £840.00\nYou asked why bill 11 had "VAT at 20%: £412.00" added.',
            "NOT_APPLICABLE",
        ),
        ("invoice_date", "Invoice 7\nInvoiced on: 12 March 2026\nTax point: 10 March 2026", "PASS"),
        ("vat_arithmetic", "Gutters, £840.00 plus VAT at 20% of £186.00, £1,026.00 in all.", "FAIL"),
        ("zero_reason", "Transport £400.00. VAT: nil. Total £400.00.", "FAIL"),
        ("zero_reason", "| Item | Net | VAT |\n| Pears | £20.00 | £0.00 |\n| Box | £5.00 | £1.00 |", "FAIL"),
        ("zero_reason", "Exempt tuition £400.00\nNo VAT\nTotal £400.00", "PASS"),
        ("vat_rate_valid", "Cleaning £1,000.00, value added tax charged at 25 per cent £250.00", "FAIL"),
        ("vat_total", "5 bicycles at £300.00. Total £1,500.00 before VAT, £1,800.00 to pay.", "FAIL"),
    ],
)
def test_sums_and_dates_of_invoices_are_read_in_their_many_forms(check: str, text: str, verdict: str) -> None:
    assert checked(check, text).verdict == verdict
