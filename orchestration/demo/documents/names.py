"""Invented names, places and goods that documents are filled with."""

from __future__ import annotations

FINANCE_HOUSES = (
    "Alder Wealth Ltd",
    "Braid Hill Savings Ltd",
    "Carse Financial Planning Ltd",
    "Dunnet Mutual Ltd",
    "Esk Valley Finance Ltd",
    "Fintry Investment Managers Ltd",
    "Garnock Money Ltd",
    "Harbour Lane Capital Ltd",
)
TRADERS = (
    "Gairloch Slate Ltd",
    "Harbour Dental Ltd",
    "Inver Joinery Ltd",
    "Kelso Ceramics Ltd",
    "Leith Coffee Roasters Ltd",
    "Moray Textiles Ltd",
    "Nairn Boatbuilders Ltd",
    "Ochil Garden Centres Ltd",
    "Pentland Printing Ltd",
    "Rannoch Foods Ltd",
    "Strathmore Haulage Ltd",
    "Tweed Instruments Ltd",
)
ACCOUNTANTS = (
    "Rae and Murdoch LLP",
    "Forbes Bookkeeping Ltd",
    "Lennox Payroll Services Ltd",
    "Sim and Tait LLP",
)
FUNDS = (
    "Northern Income",
    "Caledonian Dividend",
    "Harbour Equity Income",
    "Steady Growth",
    "Lowland Smaller Companies",
)
PLACES = (
    ("Edinburgh", "EH6 6QN"),
    ("Glasgow", "G2 4NB"),
    ("Aberdeen", "AB11 5RD"),
    ("Dundee", "DD1 3ET"),
    ("Inverness", "IV1 1QY"),
    ("Perth", "PH1 5UH"),
    ("Stirling", "FK8 2ET"),
    ("Kelso", "TD5 7HF"),
)
STREETS = (
    "Shore Street",
    "Quarry Brae",
    "Main Street",
    "Mill Lane",
    "Station Road",
    "Castle Wynd",
    "Quay Road",
)
PEOPLE = (
    ("Fiona", "Orr", "Ms"),
    ("Callum", "Bell", "Mr"),
    ("Ruth", "Shaw", "Ms"),
    ("Imran", "Sheikh", "Mr"),
    ("Moira", "Sinclair", "Mrs"),
    ("Ewan", "Doig", "Mr"),
    ("Grace", "Okafor", "Ms"),
    ("Tomasz", "Nowak", "Mr"),
    ("Isla", "McRae", "Ms"),
    ("Stuart", "Kerr", "Mr"),
    ("Anna", "Lindsay", "Mrs"),
    ("David", "Petrie", "Mr"),
)
GOODS = (
    "Oak sash windows, supply and fit",
    "Welsh slate, 500 x 250 mm, per hundred",
    "Ground coffee, 1 kg bags",
    "Cotton aprons, printed",
    "Bench repair, hours",
    "Steel brackets, galvanised",
    "Stoneware bowls, glazed",
    "Delivery pallets",
)
PRODUCTS = (
    "folding ladder",
    "tidal sensor",
    "bread oven",
    "bicycle trailer",
    "hearing loop",
    "greenhouse frame",
)
JOBS = ("Warehouse supervisor", "Bookkeeper", "Workshop engineer", "Account manager", "Shift leader")
