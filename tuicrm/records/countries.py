"""Countries: what people write for one, and the one name that is kept.

The table is made from ISO 3166-1: codes of two and of three letters, the short name in everyday English, other names.
A library with all of it in all languages would weigh twenty megabytes.
"""

from __future__ import annotations

from functools import cache, lru_cache

from tuicrm.folding import fold

_FORMS = ("republic of ", "kingdom of ", "state of ", "principality of ", "islamic republic of ", "the ")
"""What a formal name has in front of the short one."""
_PARTS = ("England", "Scotland", "Wales", "Northern Ireland", "Kosovo")
"""What people rightly write into an address though it has no code of its own."""


@lru_cache(maxsize=4096)
def country_named(text: str) -> str:
    """Return the name that is kept for a country, given by a name or a code; empty for what is none."""
    wanted = " ".join(fold(text).replace(".", "").split())
    found = _names()
    forms = (form for form in ("", *_FORMS) if wanted.startswith(form))
    return next((name for form in forms if (name := found.get(wanted[len(form) :]))), "")


@lru_cache(maxsize=512)
def country_code(text: str) -> str:
    """Return the code of two letters of a country, given by a name or a code; empty where it has none."""
    return _codes().get(country_named(text), "")


def country_names() -> list[str]:
    """Return every name that is kept, in the order of the codes."""
    return list(_codes())


@cache
def _rows() -> list[list[str]]:
    return [line.split("|") for line in _TABLE.strip().splitlines()]


@cache
def _codes() -> dict[str, str]:
    return {name: code for code, _, name, *_ in _rows()}


@cache
def _names() -> dict[str, str]:
    """Return the names by everything that stands for them, folded."""
    found = {fold(one): one for one in _PARTS}
    for code, long, name, *others in _rows():
        for one in (code, long, name, *others):
            found.setdefault(fold(one).replace(".", ""), name)
    return found


_TABLE = """
AD|AND|Andorra
AE|ARE|United Arab Emirates|UAE|U.A.E.|Emirates
AF|AFG|Afghanistan
AG|ATG|Antigua and Barbuda
AI|AIA|Anguilla
AL|ALB|Albania
AM|ARM|Armenia
AO|AGO|Angola
AQ|ATA|Antarctica
AR|ARG|Argentina|Argentine Republic
AS|ASM|American Samoa
AT|AUT|Austria|Österreich|Oesterreich
AU|AUS|Australia
AW|ABW|Aruba
AX|ALA|Åland Islands
AZ|AZE|Azerbaijan
BA|BIH|Bosnia and Herzegovina
BB|BRB|Barbados
BD|BGD|Bangladesh|People's Republic of Bangladesh
BE|BEL|Belgium|Belgique|België|Belgien
BF|BFA|Burkina Faso
BG|BGR|Bulgaria|България
BH|BHR|Bahrain
BI|BDI|Burundi
BJ|BEN|Benin
BL|BLM|Saint Barthélemy
BM|BMU|Bermuda
BN|BRN|Brunei|Brunei Darussalam
BO|BOL|Bolivia|Plurinational State of Bolivia
BQ|BES|Caribbean Netherlands|Bonaire, Sint Eustatius and Saba
BR|BRA|Brazil|Federative Republic of Brazil|Brasil
BS|BHS|Bahamas|Commonwealth of the Bahamas|The Bahamas
BT|BTN|Bhutan
BV|BVT|Bouvet Island
BW|BWA|Botswana
BY|BLR|Belarus
BZ|BLZ|Belize
CA|CAN|Canada
CC|CCK|Cocos (Keeling) Islands
CD|COD|DR Congo|Congo, The Democratic Republic of the|Democratic Republic of the Congo|DRC
CF|CAF|Central African Republic
CG|COG|Congo|Republic of the Congo
CH|CHE|Switzerland|Swiss Confederation|Schweiz|Suisse|Svizzera
CI|CIV|Côte d'Ivoire|Ivory Coast
CK|COK|Cook Islands
CL|CHL|Chile
CM|CMR|Cameroon
CN|CHN|China|People's Republic of China|PRC|中国
CO|COL|Colombia
CR|CRI|Costa Rica
CU|CUB|Cuba
CV|CPV|Cabo Verde|Cape Verde
CW|CUW|Curaçao
CX|CXR|Christmas Island
CY|CYP|Cyprus|Κύπρος
CZ|CZE|Czechia|Czech Republic|Česko
DE|DEU|Germany|Federal Republic of Germany|Deutschland
DJ|DJI|Djibouti
DK|DNK|Denmark|Danmark
DM|DMA|Dominica|Commonwealth of Dominica
DO|DOM|Dominican Republic
DZ|DZA|Algeria|People's Democratic Republic of Algeria
EC|ECU|Ecuador
EE|EST|Estonia|Eesti
EG|EGY|Egypt|Arab Republic of Egypt
EH|ESH|Western Sahara
ER|ERI|Eritrea|the State of Eritrea
ES|ESP|Spain|España
ET|ETH|Ethiopia|Federal Democratic Republic of Ethiopia
FI|FIN|Finland|Suomi
FJ|FJI|Fiji
FK|FLK|Falkland Islands|Falkland Islands (Malvinas)
FM|FSM|Micronesia|Federated States of Micronesia
FO|FRO|Faroe Islands
FR|FRA|France|French Republic
GA|GAB|Gabon|Gabonese Republic
GB|GBR|United Kingdom|United Kingdom of Great Britain and Northern Ireland|UK|Great Britain|Britain|U.K.
GD|GRD|Grenada
GE|GEO|Georgia
GF|GUF|French Guiana
GG|GGY|Guernsey
GH|GHA|Ghana
GI|GIB|Gibraltar
GL|GRL|Greenland
GM|GMB|Gambia|Republic of the Gambia|The Gambia
GN|GIN|Guinea
GP|GLP|Guadeloupe
GQ|GNQ|Equatorial Guinea
GR|GRC|Greece|Hellenic Republic|Hellas|Ελλάδα|EL
GS|SGS|South Georgia and the South Sandwich Islands
GT|GTM|Guatemala
GU|GUM|Guam
GW|GNB|Guinea-Bissau
GY|GUY|Guyana
HK|HKG|Hong Kong|Hong Kong Special Administrative Region of China|Hong Kong SAR
HM|HMD|Heard Island and McDonald Islands
HN|HND|Honduras
HR|HRV|Croatia|Hrvatska
HT|HTI|Haiti
HU|HUN|Hungary|Magyarország
ID|IDN|Indonesia
IE|IRL|Ireland|Éire
IL|ISR|Israel|ישראל
IM|IMN|Isle of Man
IN|IND|India|Bharat|भारत
IO|IOT|British Indian Ocean Territory
IQ|IRQ|Iraq
IR|IRN|Iran|ایران
IS|ISL|Iceland|Ísland
IT|ITA|Italy|Italian Republic|Italia
JE|JEY|Jersey
JM|JAM|Jamaica
JO|JOR|Jordan|Hashemite Kingdom of Jordan
JP|JPN|Japan|Nippon|日本
KE|KEN|Kenya
KG|KGZ|Kyrgyzstan|Kyrgyz Republic
KH|KHM|Cambodia
KI|KIR|Kiribati
KM|COM|Comoros|Union of the Comoros
KN|KNA|Saint Kitts and Nevis
KP|PRK|North Korea|Democratic People's Republic of Korea|Korea (North)
KR|KOR|South Korea|Korea|Republic of Korea|Korea (South)
KW|KWT|Kuwait
KY|CYM|Cayman Islands
KZ|KAZ|Kazakhstan
LA|LAO|Laos|Lao People's Democratic Republic
LB|LBN|Lebanon|Lebanese Republic
LC|LCA|Saint Lucia
LI|LIE|Liechtenstein
LK|LKA|Sri Lanka|Democratic Socialist Republic of Sri Lanka
LR|LBR|Liberia
LS|LSO|Lesotho
LT|LTU|Lithuania|Lietuva
LU|LUX|Luxembourg|Grand Duchy of Luxembourg|Luxemburg
LV|LVA|Latvia|Latvija
LY|LBY|Libya
MA|MAR|Morocco
MC|MCO|Monaco
MD|MDA|Moldova
ME|MNE|Montenegro
MF|MAF|Saint Martin|Saint Martin (French part)
MG|MDG|Madagascar
MH|MHL|Marshall Islands|Republic of the Marshall Islands
MK|MKD|North Macedonia|Macedonia
ML|MLI|Mali
MM|MMR|Myanmar|Burma
MN|MNG|Mongolia
MO|MAC|Macao|Macao Special Administrative Region of China|Macau
MP|MNP|Northern Mariana Islands|Commonwealth of the Northern Mariana Islands
MQ|MTQ|Martinique
MR|MRT|Mauritania
MS|MSR|Montserrat
MT|MLT|Malta
MU|MUS|Mauritius
MV|MDV|Maldives
MW|MWI|Malawi
MX|MEX|Mexico|United Mexican States|México
MY|MYS|Malaysia
MZ|MOZ|Mozambique
NA|NAM|Namibia
NC|NCL|New Caledonia
NE|NER|Niger|Republic of the Niger
NF|NFK|Norfolk Island
NG|NGA|Nigeria|Federal Republic of Nigeria
NI|NIC|Nicaragua
NL|NLD|Netherlands|Kingdom of the Netherlands|The Netherlands|Holland|Nederland
NO|NOR|Norway|Norge
NP|NPL|Nepal|Federal Democratic Republic of Nepal
NR|NRU|Nauru
NU|NIU|Niue
NZ|NZL|New Zealand|Aotearoa
OM|OMN|Oman|Sultanate of Oman
PA|PAN|Panama
PE|PER|Peru
PF|PYF|French Polynesia
PG|PNG|Papua New Guinea|Independent State of Papua New Guinea
PH|PHL|Philippines|Republic of the Philippines|The Philippines
PK|PAK|Pakistan
PL|POL|Poland|Polska
PM|SPM|Saint Pierre and Miquelon
PN|PCN|Pitcairn
PR|PRI|Puerto Rico
PS|PSE|Palestine|Palestine, State of|the State of Palestine
PT|PRT|Portugal|Portuguese Republic
PW|PLW|Palau
PY|PRY|Paraguay
QA|QAT|Qatar
RE|REU|Réunion
RO|ROU|Romania|România
RS|SRB|Serbia
RU|RUS|Russia|Russian Federation|Россия
RW|RWA|Rwanda|Rwandese Republic
SA|SAU|Saudi Arabia|KSA
SB|SLB|Solomon Islands
SC|SYC|Seychelles
SD|SDN|Sudan|Republic of the Sudan
SE|SWE|Sweden|Sverige
SG|SGP|Singapore
SH|SHN|Saint Helena|Saint Helena, Ascension and Tristan da Cunha
SI|SVN|Slovenia|Slovenija
SJ|SJM|Svalbard and Jan Mayen
SK|SVK|Slovakia|Slovak Republic|Slovensko
SL|SLE|Sierra Leone
SM|SMR|San Marino
SN|SEN|Senegal
SO|SOM|Somalia|Federal Republic of Somalia
SR|SUR|Suriname
SS|SSD|South Sudan
ST|STP|Sao Tome and Principe|Democratic Republic of Sao Tome and Principe
SV|SLV|El Salvador
SX|SXM|Sint Maarten|Sint Maarten (Dutch part)
SY|SYR|Syria|Syrian Arab Republic
SZ|SWZ|Eswatini|Swaziland
TC|TCA|Turks and Caicos Islands
TD|TCD|Chad
TF|ATF|French Southern Territories
TG|TGO|Togo|Togolese Republic
TH|THA|Thailand
TJ|TJK|Tajikistan
TK|TKL|Tokelau
TL|TLS|Timor-Leste|Democratic Republic of Timor-Leste|East Timor
TM|TKM|Turkmenistan
TN|TUN|Tunisia
TO|TON|Tonga
TR|TUR|Turkey|Türkiye|Republic of Türkiye|Turkiye
TT|TTO|Trinidad and Tobago
TV|TUV|Tuvalu
TW|TWN|Taiwan|Taiwan, Province of China
TZ|TZA|Tanzania|United Republic of Tanzania
UA|UKR|Ukraine|Україна
UG|UGA|Uganda
UM|UMI|United States Minor Outlying Islands
US|USA|United States|United States of America|USA|U.S.|U.S.A.|America
UY|URY|Uruguay|Eastern Republic of Uruguay
UZ|UZB|Uzbekistan
VA|VAT|Vatican City|Holy See (Vatican City State)|Holy See|Vatican
VC|VCT|Saint Vincent and the Grenadines
VE|VEN|Venezuela|Bolivarian Republic of Venezuela
VG|VGB|British Virgin Islands|Virgin Islands, British
VI|VIR|US Virgin Islands|Virgin Islands, U.S.|Virgin Islands of the United States
VN|VNM|Vietnam|Viet Nam|Socialist Republic of Viet Nam
VU|VUT|Vanuatu
WF|WLF|Wallis and Futuna
WS|WSM|Samoa|Independent State of Samoa
YE|YEM|Yemen
YT|MYT|Mayotte
ZA|ZAF|South Africa
ZM|ZMB|Zambia
ZW|ZWE|Zimbabwe
"""
