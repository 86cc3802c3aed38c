"""The version of the product, which archives, the API's document and upgrades name."""

from typing import Final

PRODUCT_VERSION: Final = "1.0.0"
