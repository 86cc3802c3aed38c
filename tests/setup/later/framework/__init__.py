"""The migrations of `framework`, the real ones and the later ones."""

from pathlib import Path

from tests.setup.later import real_folder

__path__ = [real_folder("framework"), str(Path(__file__).parent)]
