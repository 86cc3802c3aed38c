"""Words that the demo's companies, products and notes are made of, in English and French."""

from dataclasses import dataclass

COMPANY_STARTS = (
    "Al",
    "Bel",
    "Cor",
    "Dél",
    "El",
    "Fen",
    "Gal",
    "Hél",
    "Il",
    "Jor",
    "Kar",
    "Lum",
    "Mir",
    "Nor",
)
COMPANY_MIDDLES = (
    "a",
    "andi",
    "ba",
    "cé",
    "do",
    "eri",
    "fo",
    "li",
    "mo",
    "ni",
    "ova",
    "ra",
    "si",
    "té",
    "vé",
)
COMPANY_ENDS = ("bre", "cia", "dane", "gon", "lis", "mar", "nex", "quin", "ron", "sta", "tis", "vent", "xel")


@dataclass(frozen=True, slots=True)
class Country:
    """Where customers are: its code, their language, the legal forms and some cities of it."""

    code: str
    language: str
    legal_forms: tuple[str, ...]
    cities: tuple[str, ...]


COUNTRIES = (
    Country("FR", "fr", ("SARL", "SAS", "& Fils"), ("Besançon", "Lyon", "Nîmes", "Orléans", "Saint-Étienne")),
    Country("BE", "fr", ("SRL", "SA"), ("Bruxelles", "Liège", "Namur")),
    Country("CH", "fr", ("SA", "Sàrl"), ("Genève", "Neuchâtel", "Zürich")),
    Country("CA", "fr", ("Inc.", "Ltée"), ("Montréal", "Québec", "Trois-Rivières")),
    Country("GB", "en", ("Ltd", "plc", "& Sons"), ("Bristol", "Leeds", "Norwich", "York")),
    Country("IE", "en", ("Ltd", "DAC"), ("Cork", "Dublin", "Galway")),
    Country("US", "en", ("Inc.", "LLC"), ("Austin", "Boston", "Portland")),
    Country("DE", "en", ("GmbH", "AG"), ("Köln", "Lübeck", "München")),
)


@dataclass(frozen=True, slots=True)
class Article:
    """A kind of product; with a material it makes a name: `Oak table`, `Table en chêne`."""

    english: str
    french: str
    category: str
    cents: int
    """About what one costs, in hundredths."""
    grams: int


ARTICLES = (
    Article("table", "Table", "FURNITURE", 24_900, 18_500),
    Article("chair", "Chaise", "FURNITURE", 8_950, 5_200),
    Article("shelf", "Étagère", "FURNITURE", 12_500, 9_800),
    Article("bench", "Banc", "FURNITURE", 15_900, 11_250),
    Article("stool", "Tabouret", "FURNITURE", 4_990, 3_400),
    Article("coat rack", "Portemanteau", "FURNITURE", 6_450, 4_100),
    Article("desk lamp", "Lampe de bureau", "LIGHTING", 5_990, 1_650),
    Article("floor lamp", "Lampadaire", "LIGHTING", 11_900, 4_800),
    Article("candle holder", "Bougeoir", "LIGHTING", 1_895, 480),
    Article("bowl", "Bol", "KITCHEN", 1_250, 410),
    Article("tray", "Plateau", "KITCHEN", 2_490, 890),
    Article("bread box", "Boîte à pain", "KITCHEN", 3_990, 1_520),
    Article("salt mill", "Moulin à sel", "KITCHEN", 2_275, 350),
    Article("cushion", "Coussin", "TEXTILES", 2_990, 620),
    Article("blanket", "Couverture", "TEXTILES", 7_900, 1_480),
    Article("curtain", "Rideau", "TEXTILES", 5_450, 1_050),
    Article("rug", "Tapis", "TEXTILES", 13_900, 6_700),
    Article("vase", "Vase", "DECORATION", 3_450, 1_120),
    Article("clock", "Horloge", "DECORATION", 4_590, 930),
    Article("mirror", "Miroir", "DECORATION", 8_490, 5_600),
)

# (English, French, what the price is multiplied with, in percent)
MATERIALS = (
    ("Oak", "en chêne", 140),
    ("Bamboo", "en bambou", 85),
    ("Steel", "en acier", 110),
    ("Brass", "en laiton", 135),
    ("Glass", "en verre", 95),
    ("Ceramic", "en céramique", 100),
    ("Cotton", "en coton", 80),
    ("Linen", "en lin", 105),
    ("Wool", "en laine", 120),
    ("Cork", "en liège", 75),
)

DESCRIPTIONS = (
    "Made to order.\nDelivered within three weeks.",
    "Last pieces of the collection.",
    "Care: a damp cloth, no detergent.\nEntretien : un chiffon humide, sans détergent.",
    'Also as a set of 4 (-10%), "try & see".',
)
CUSTOMER_NOTES = (
    "Pays on time.",
    "Appeler avant livraison, l'entrée est à l'arrière.",
    "Wants paper invoices; 2% discount from 5 000 € a year.",
    "Préfère être contacté par écrit.",
)
ORDER_NOTES = (
    "Livrer à l'étage",
    "Gift wrap, please",
    "Déjà payé",
    "Call the reception first",
    "Fragile: 100% glass",
)
