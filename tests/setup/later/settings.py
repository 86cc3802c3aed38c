"""Settings of an installation of version 1.2.0."""

from liberty.settings.base import *  # noqa: F403
from tests.setup.later.releases import MODULES

MIGRATION_MODULES = MODULES
LIBERTY_RELEASES = "tests.setup.later.releases.RELEASES"
