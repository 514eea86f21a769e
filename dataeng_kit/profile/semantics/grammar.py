"""Values with a fixed grammar: addresses of machines and people, links, hashes, keys; weights are log-odds."""

from __future__ import annotations

import itertools
import re

from dataeng_kit.profile.semantics.view import View, mask

Votes = dict[str, tuple[float, str]]
"""Label → (log-odds, reason); a weight of `VETO` or less makes the label impossible."""
VETO = -12.0

_EMAIL = r"(?i)(mailto:)?[^\s@<>\"',;:]+@[^\s@<>\"',;:]+(\.[^\W\d_]{2,}|[^\W\d_]{3,})"
_URL = r"(?i)((https?|ftp|s3|gs|jdbc:\w+|file)://\S+|www\.\S+\.\w{2,}\S*)"
_DOMAIN = r"(?i)([a-z0-9-]{1,63}\.)+[a-z]{2,14}"
_PATH = r"(/|[A-Za-z]:\\|\\\\|\./|~/)[\w.@%+ \-]+([/\\][\w.@%+ \-]*)*"
_UUID = r"(?i)\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?"
_MAC = r"(?i)([0-9a-f]{2}[:-]){5}[0-9a-f]{2}([:-][0-9a-f]{2}){0,2}|([0-9a-f]{4}\.){2}[0-9a-f]{4}"
_IP = r"(\d{1,3}\.){3}\d{1,3}(/\d{1,2}|:\d{1,5})?"
_IP6 = r"(?i)(?=.*:.*:)[0-9a-f:]{3,39}(%\w+)?(/\d{1,3})?"
_HEX = r"(?i)([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})"
_HASHED = (
    r"\$(2[abxy]?|1|5|6|y|7|argon2(id|i|d)?|pbkdf2[\w-]*|scrypt|apr1|P|H|S)\$.+|pbkdf2[_:]\w+[$:].+|"
    r"(scrypt|argon2\w*|bcrypt\w*)[$:].+|"
    r"\{(SSHA\d*|SHA\d*|MD5|SMD5|CRYPT|PBKDF2)[^}]*\}.+|\*[0-9A-F]{40}|(sha1|sha256|md5)\$.+"
)
_KEYS = (
    r"(sk|pk|rk)_(live|test)_\w{10,}|sk-(ant-|proj-)?[\w-]{20,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|"
    r"glpat-[\w-]{15,}|(AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|"
    r"xox[abposr]-[\w-]{10,}|eyJ[\w-]{6,}\.[\w.-]{6,}|SG\.[\w-]{16,}\.[\w-]{16,}|ya29\.[\w-]{20,}|"
    r"whsec_\w{16,}|npm_\w{30,}|pypi-[\w-]{20,}|dop_v1_\w{30,}|"
    r"hf_\w{20,}|shp(at|ss|ca)_\w{20,}|key-[0-9a-f]{32}|AC[0-9a-f]{32}|EAAC\w{20,}|Bearer .{16,}|"
    r"-----BEGIN .*|lin_api_\w{20,}|dapi[0-9a-f]{32}|sq0\w{3}-[\w-]{20,}|"
    r"hv[sb]\.[\w-]{20,}|AGE-SECRET-KEY-.*|tok_(live|test)_\w{10,}|xkeysib-\w{20,}|r8_\w{30,}|\d{8,10}:AA[\w-]{30,}"
)
_ENTROPY = re.compile(r"[A-Za-z0-9_\-+/=.~]{20,512}")
_AGENT = r"(Mozilla|Opera|curl|okhttp|python-requests|Dalvik|Wget|PostmanRuntime|Go-http-client)/.+"
_VERSION = r"[vV]?\d{1,4}(\.\d{1,5}){1,3}([-+.]?(alpha|beta|rc|dev|post|build|SNAPSHOT)[\w.]*)?"


def _private(value: str) -> bool:
    return value.startswith(
        ("10.", "192.168.", "127.", "172.16.", "172.17.", "172.2", "172.30.", "172.31.", "100.64.", "169.254.")
    )


def addresses(view: View) -> Votes:
    """Return votes for e-mail, links, internet and hardware addresses, and for the version numbers that look like them."""
    found: Votes = {}
    if (share := view.share(_EMAIL)) >= 0.6:
        found["email"] = (9.0 * share, f"{share:.0%} of the values are e-mail addresses")
    elif view.variety > 0.6 and view.share(r"[A-Za-z][A-Za-z.]{3,30}") > 0.9:
        found["email"] = (-0.5, "could be the part before an @")
    elif share < 0.2:
        found["email"] = (VETO, "few values hold an @")
    if (share := max(view.share(_URL), view.share(_PATH), view.share(_AGENT))) >= 0.8:
        found["url"] = (9.0, f"{share:.0%} are links, paths or user agents")
    elif view.share(_DOMAIN) >= 0.9 and view.digits < 1 and view.letters == 1:
        found["url"] = (6.0, "domain names")
    if (share := view.share(_MAC)) >= 0.85:
        found["mac_address"] = (9.0, f"{share:.0%} are hardware addresses")
    elif (bare := view.share(r"(?i)[0-9a-f]{12}")) < 0.85 or view.letters == 0:
        found["mac_address"] = (VETO, "no hardware addresses")
    elif bare:
        found["mac_address"] = (-0.2, "twelve hexadecimal digits could be anything")
    found |= _internet(view)
    return found


def _internet(view: View) -> Votes:
    """Four numbers are an address when the first ones range over a byte, a version when they stay small."""
    four, six = view.share(_IP), view.share(_IP6)
    if six >= 0.02 and four + six >= 0.85:
        return {"ip_address": (9.0, "IPv4 and IPv6 addresses")}
    if four < 0.85:
        return {"ip_address": (VETO, "not four numbers")} if view.n else {}
    parts = [
        [int(p) for p in re.split(r"[/:]", v)[0].split(".")] for v in view.values if v.count(".") == 3 and re.fullmatch(_IP, v)
    ]
    if any(max(p) > 255 for p in parts):
        return {"ip_address": (VETO, "numbers above 255"), "order_number": (5.0, "version numbers")}
    private = view.of(_private)
    high = sum(p[0] > 30 for p in parts) / len(parts)
    if (private >= 0.9 and any(p[2] + p[3] for p in parts)) or high >= 0.5:
        return {"ip_address": (8.0, f"addresses: {max(high, private):.0%} start above 30 or are private")}
    if high <= 0.1 and private < 0.9:
        return {"ip_address": (-7.0, "first numbers stay small, as in versions"), "order_number": (4.0, "version numbers")}
    return {"ip_address": (2.0, "four numbers up to 255")}


def identifiers(view: View) -> Votes:
    """Return votes for UUIDs, hashes, passwords, keys and device ids."""
    found: Votes = {}
    uuid, hexa = view.share(_UUID), view.share(_HEX)
    sixteen = view.share(r"(?i)[0-9a-f]{16}") if view.letters > 0.5 else 0.0
    if uuid >= 0.9:
        found["order_number"] = (4.0, "UUIDs")
        found["device_id"] = (0.5, "UUIDs")
    elif uuid > 0.1 and sixteen > 0.1 and uuid + sixteen > 0.85:
        found["device_id"] = (6.0, "a mix of UUIDs and 16 hexadecimal digits, as phones give")
    elif view.compact_share(r"[0-9A-F]{12,40}|[A-Z0-9]{6,40}") < 0.7:
        found["device_id"] = (VETO, "no device ids")
    hashed = view.share(_HASHED)
    if hashed >= 0.1:
        found["password_hash"] = (9.0, f"{hashed:.0%} are salted password hashes")
    elif hexa >= 0.85:
        found["order_number"] = (4.0, "checksums")
        found["password_hash"] = (2.5, "hexadecimal digests")
    elif view.n and (view.words > 1.5 or view.share(r"[\d.,:\- T]+") > 0.5 or view.lengths[-1] <= 3):
        found["password_hash"] = (VETO, "numbers, dates or sentences")
    elif view.words == 1 and view.digits > 0.5 and view.letters > 0.9 and view.variety > 0.5:
        found["password_hash"] = (1.0, "letters and digits, perhaps passwords as they are typed")
    found |= _keys(view, hexa)
    return found


def _random(value: str) -> bool:
    if not _ENTROPY.fullmatch(value) or value.isdigit():
        return False
    kinds = sum((any(map(str.isdigit, value)), any(map(str.isupper, value)), any(map(str.islower, value))))
    changes = sum(a != b for a, b in itertools.pairwise(mask(value)))
    return kinds == 3 and len(set(value)) >= 12 and changes >= len(value) / 5


def _keys(view: View, hexa: float) -> Votes:
    known = view.share(_KEYS)
    if known >= 0.15:
        return {"api_key": (8.0, f"{known:.0%} start like the keys and tokens of known services")}
    noisy = view.of(_random)
    if noisy >= 0.8 and view.variety > 0.3:
        heads = {re.match(r"[a-z]{2,4}_|", v)[0] for v in view.values}  # type: ignore[index]  # the pattern matches always
        if "" not in heads:
            return {"order_number": (5.0, "object ids with one prefix"), "api_key": (-2.0, "object ids with one prefix")}
        return {"api_key": (4.0, f"{noisy:.0%} are random letters of both cases and digits")}
    if hexa >= 0.85:
        return {"api_key": (-1.0, "hexadecimal digests")}
    if view.n and (view.words > 1.2 or view.lengths[len(view.lengths) // 2] < 16):
        return {"api_key": (VETO, "too short or several words")}
    return {}


def technical(view: View) -> Votes:
    """Return votes for version numbers, hexadecimal memory addresses, measures and flags."""
    if view.n and view.share(_VERSION) >= 0.9 and view.share(r"\d+([.,]\d+)?") < 0.5:
        return {"order_number": (4.0, "version numbers")}
    if view.share(r"0[xX][0-9a-fA-F]+") >= 0.9:
        return {"order_number": (7.0, "hexadecimal numbers")}
    if view.type == "boolean" or (
        view.n <= 3 and view.share(r"(?i)(y|n|yes|no|true|false|t|f|0|1|ja|nein|si|oui|non|tak|nie|on|off|x)") == 1
    ):
        return {"flag": (9.0, "two values")}
    if (
        view.share(r"[-+]?\d+([.,]\d+)?\s?(%|€|\$|£|kg|g|mg|mcg|ml|l|cm|mm|m|km|°?C|ms|s|h|kb|mb|gb|v|w|kwh)") >= 0.8
        and view.letters + view.share(r".*\D") > 0.5
    ):
        return {"measure": (7.0, "numbers with a unit")}
    if view.share(r"\d+(\.\d+)?\s?[x×*]\s?\d+(\.\d+)?(\s?[x×*]\s?\d+(\.\d+)?)?\s?\w*") >= 0.8:
        return {"measure": (7.0, "dimensions")}
    if view.share(r"[-+]?\d{1,9}[.,]\d{1,3}") >= 0.8:
        return {"measure": (3.0, "decimal numbers")}
    return {}
