"""Which letters beyond ASCII a language writes, by code page: the evidence between the older single-byte and double-byte sets."""

from __future__ import annotations

WESTERN = ("äöüß", "éèêëàâçîïôùûüœæ", "áéíóúüñ", "ãõçáéíóúâêôà", "àèéìíîòóùú", "åäöé", "æøåéö", "éèëïöüêâ", "äöüõšž")
CENTRAL = ("áčďéěíňóřšťúůýž", "ąćęłńóśźż", "áéíóöőúüű", "áäčďéíĺľňóôŕšťúýž", "ăâîşţ", "čćđšž")
TURKISH, BALTIC, ICELANDIC = "çğıöşüâîûİ", ("ąčęėįšųūž", "āčēģīķļņšūž"), "áðéíóúýþæö"
LATIN: tuple[tuple[str, str, float], ...] = (
    *(("cp1252", letters, 1.0) for letters in WESTERN),
    ("cp1254", TURKISH, 1.0),
    *(("cp1250", letters, 1.0) for letters in CENTRAL),
    ("cp1252", ICELANDIC, 1.0),
    *(("cp1257", letters, 1.0) for letters in BALTIC),
    ("cp1252", "".join(WESTERN[:-1]) + ICELANDIC, 0.97),
    ("cp1250", "".join(CENTRAL) + "ß", 0.97),
    *(("iso8859-2", letters, 0.98) for letters in CENTRAL),
    *(("cp850", letters, 0.95) for letters in WESTERN),
    *(("cp852", letters, 0.95) for letters in CENTRAL),
    *(("mac_roman", letters, 0.94) for letters in WESTERN),
)
"""(code page, small letters of one language, weight): at equal scores the first wins; names of many languages are one entry."""
SIGNS = frozenset("\u00a0«»„“”‘’–—…€£°§©®·•²³µ±½¼¾ªº¿¡×÷№´¨`™†%‰")
"""Signs that any of these languages uses between words."""
SCRIPTS: tuple[tuple[str, str], ...] = (
    ("cp1251", "оеаинтсрвлкмдпу"),
    ("koi8-r", "оеаинтсрвлкмдпу"),
    ("cp866", "оеаинтсрвлкмдпу"),
    ("cp1253", "αοιετσνηυρπκμλςόίάέή"),
    ("cp1256", "ايلمونترهبةدعسفكحقأ"),
    ("cp1255", "יוהלאתמרבשנדפעקח"),
    ("cp874", "านรอกเงมยลวดทสตะปคหบ"),
)
"""(code page, commonest small letters of a script that writes whole words beyond ASCII)."""
EASTERN = {
    "big5": "名號日期客戶金額備註編地址電話數量單價總合計產品訂國市公司年月人中部務報告來源",
    "gb18030": "名号日期客户金额备注编地址电话数量单价总合计产品订国市公司年月人中部务报告来源",
    "euc_kr": "이름번호날짜고객금액비고주소전화수량단가총합계제품명주문일자시구동년월부서출처상태는의다",
    "cp932": "名号日期客顧金額備考番住所電話数量単価合計製品注文国市年月人中部報告",
    "euc_jp": "名号日期客顧金額備考番住所電話数量単価合計製品注文国市年月人中部報告",
}
"""Code page → characters that tables in it hold in nearly every header."""
