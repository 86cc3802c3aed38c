"""The WSGI application; static files are served beside Django, so no request pays for a middleware."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liberty.settings.base")

from whitenoise import WhiteNoise  # noqa: E402

django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402

application = WhiteNoise(django_application, root=settings.STATIC_ROOT, prefix="static")
