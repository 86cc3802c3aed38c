"""The WSGI application; static files are served beside Django, so no request pays for a middleware."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from whitenoise import WhiteNoise

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liberty.settings.base")

_django = get_wsgi_application()

# Models can be imported only now.
from apps.setup.stored_secrets import require_keys  # noqa: E402
from liberty.frontend import require_frontend  # noqa: E402

require_keys()
require_frontend()
connections.close_all()
application = WhiteNoise(_django, root=settings.STATIC_ROOT, prefix="static")
