"""The demo's dictionary: every column of its queries in English and French, and the words of its codes."""

from dataclasses import dataclass

STATUS_ENUM = 9001
CATEGORY_ENUM = 9002


@dataclass(frozen=True, slots=True)
class Entry:
    """A column: its labels, the type and rule that clients show it by."""

    name: str
    english: str
    french: str
    type: str = "text"
    rules: str | None = None
    rules_values: str | None = None
    default: str | None = None


ENTRIES = (
    Entry("CUS_ID", "Customer", "Client", "number"),
    Entry("CUS_NAME", "Customer name", "Nom du client", rules="NN"),
    Entry("CUS_EMAIL", "E-mail", "Courriel"),
    Entry("CUS_CITY", "City", "Ville"),
    Entry("CUS_COUNTRY", "Country", "Pays", rules="NN"),
    Entry("CUS_LANGUAGE", "Language", "Langue", default="en"),
    Entry("CUS_SINCE", "Customer since", "Client depuis", "date", "CURRENT_DATE"),
    Entry("CUS_CREDIT", "Credit limit", "Plafond de crédit", "number"),
    Entry("CUS_ACTIVE", "Active", "Actif", "boolean", "BOOLEAN", default="Y"),
    Entry("CUS_NOTE", "Note", "Remarque", "textarea"),
    Entry("CUS_CHANGED_AT", "Changed at", "Modifié le", "date", "SYSDATE"),
    Entry("PRD_ID", "Product", "Produit", "number"),
    Entry("PRD_CODE", "Product code", "Code du produit", rules="NN"),
    Entry("PRD_NAME", "Product name", "Nom du produit", rules="NN"),
    Entry("PRD_CATEGORY", "Category", "Catégorie", rules="ENUM", rules_values=str(CATEGORY_ENUM)),
    Entry("PRD_PRICE", "Price", "Prix", "number"),
    Entry("PRD_WEIGHT", "Weight (kg)", "Poids (kg)", "number"),
    Entry("PRD_STOCK", "In stock", "En stock", "number", default="0"),
    Entry("PRD_DISCONTINUED", "Discontinued", "Arrêté", "boolean", "BOOLEAN"),
    Entry("PRD_RELEASED", "Released", "Mis en vente", "date"),
    Entry("PRD_DESCRIPTION", "Description", "Description", "textarea"),
    Entry("ORD_ID", "Order", "Commande", "number"),
    Entry("ORD_DATE", "Order date", "Date de commande", "date", "CURRENT_DATE"),
    Entry("ORD_PLACED_AT", "Placed at", "Passée le", "date", "SYSDATE"),
    Entry("ORD_SHIPPED", "Shipped", "Expédiée", "date"),
    Entry("ORD_STATUS", "Status", "État", rules="ENUM", rules_values=str(STATUS_ENUM), default="OPEN"),
    Entry("ORD_TOTAL", "Total", "Total", "number"),
    Entry("ORD_NOTE", "Order note", "Remarque de commande"),
    Entry("LIN_ID", "Line", "Ligne", "number"),
    Entry("LIN_QUANTITY", "Quantity", "Quantité", "number", default="1"),
    Entry("LIN_PRICE", "Unit price", "Prix unitaire", "number"),
    Entry("LIN_DISCOUNT", "Discount (%)", "Remise (%)", "number"),
    Entry("LIN_TOTAL", "Line total", "Total de la ligne", "number"),
    Entry("SAL_MONTH", "Month", "Mois"),
    Entry("SAL_ORDERS", "Orders", "Commandes", "number"),
    Entry("SAL_CUSTOMERS", "Customers", "Clients", "number"),
    Entry("SAL_TOTAL", "Turnover", "Chiffre d'affaires", "number"),
)


@dataclass(frozen=True, slots=True)
class Code:
    """A value of an enumeration with its labels."""

    value: str
    english: str
    french: str


ENUMS = {
    STATUS_ENUM: (
        "Order status",
        (
            Code("OPEN", "Open", "Ouverte"),
            Code("PAID", "Paid", "Payée"),
            Code("SHIPPED", "Shipped", "Expédiée"),
            Code("CANCELLED", "Cancelled", "Annulée"),
        ),
    ),
    CATEGORY_ENUM: (
        "Product category",
        (
            Code("FURNITURE", "Furniture", "Mobilier"),
            Code("LIGHTING", "Lighting", "Éclairage"),
            Code("KITCHEN", "Kitchen", "Cuisine"),
            Code("TEXTILES", "Textiles", "Textile"),
            Code("DECORATION", "Decoration", "Décoration"),
        ),
    ),
}
"""Number → (label, codes)."""
