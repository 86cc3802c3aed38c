"""The WSGI application; static files are served beside Django, so no request pays for a middleware."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liberty.settings.base")

application = WhiteNoise(get_wsgi_application(), root=settings.STATIC_ROOT, prefix="static")
