"""The migrations of `queries`, the real ones and the later ones."""

from pathlib import Path

from tests.setup.later import real_folder

__path__ = [real_folder("queries"), str(Path(__file__).parent)]
