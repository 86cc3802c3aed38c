"""Sign-in at an identity provider (OpenID Connect). Without any of these it is off; see `docs/oidc.md`."""

from pathlib import Path

from liberty.settings.env import BASE_DIR, env, secret

_VAR_DIR = Path(env.str("LIBERTY_VAR_DIR", default=str(BASE_DIR / "var")))

# The provider's issuer, exactly as it stands in its tokens, and this server's client there. A public client
# has no secret.
LIBERTY_OIDC_ISSUER = env.str("LIBERTY_OIDC_ISSUER", default="")
LIBERTY_OIDC_CLIENT_ID = env.str("LIBERTY_OIDC_CLIENT_ID", default="")
LIBERTY_OIDC_CLIENT_SECRET = secret("LIBERTY_OIDC_CLIENT_SECRET", _VAR_DIR / "secrets" / "oidc_client_secret")
# What the sign-in page calls the provider; without it, its host.
LIBERTY_OIDC_NAME = env.str("LIBERTY_OIDC_NAME", default="")
# The one algorithm that ID tokens are signed with: RS, PS or ES with 256, 384 or 512, or EdDSA.
LIBERTY_OIDC_ALGORITHM = env.str("LIBERTY_OIDC_ALGORITHM", default="RS256")
LIBERTY_OIDC_SCOPES = env.str("LIBERTY_OIDC_SCOPES", default="openid profile email")

# The provider's addresses; what is empty comes from its `/.well-known/openid-configuration`, which is not
# asked for where the first three are set.
LIBERTY_OIDC_AUTHORIZATION_URL = env.str("LIBERTY_OIDC_AUTHORIZATION_URL", default="")
LIBERTY_OIDC_TOKEN_URL = env.str("LIBERTY_OIDC_TOKEN_URL", default="")
LIBERTY_OIDC_JWKS_URL = env.str("LIBERTY_OIDC_JWKS_URL", default="")
LIBERTY_OIDC_USERINFO_URL = env.str("LIBERTY_OIDC_USERINFO_URL", default="")
LIBERTY_OIDC_END_SESSION_URL = env.str("LIBERTY_OIDC_END_SESSION_URL", default="")

# Whether someone whom nobody has linked becomes a new user, and the claim with the user id.
LIBERTY_OIDC_CREATE_USERS = env.bool("LIBERTY_OIDC_CREATE_USERS", default=False)
LIBERTY_OIDC_USER_CLAIM = env.str("LIBERTY_OIDC_USER_CLAIM", default="preferred_username")
# The claim with the provider's groups; roles of ours by group, as a JSON object; and the groups whose members
# are administrators, separated by commas.
LIBERTY_OIDC_ROLES_CLAIM = env.str("LIBERTY_OIDC_ROLES_CLAIM", default="")
LIBERTY_OIDC_ROLES = env.str("LIBERTY_OIDC_ROLES", default="")
LIBERTY_OIDC_ADMIN_GROUPS = env.list("LIBERTY_OIDC_ADMIN_GROUPS", default=[])

# Most sign-ins that an address may begin at the provider, and tokens it may exchange, of each worker.
LIBERTY_OIDC_RATE = env.str("LIBERTY_OIDC_RATE", default="60/minute")
# Longest wait for the provider in a sign-in, and by how much its clock may differ, in seconds.
LIBERTY_OIDC_TIMEOUT_S = env.float("LIBERTY_OIDC_TIMEOUT_S", default=5.0)
LIBERTY_OIDC_LEEWAY_S = env.int("LIBERTY_OIDC_LEEWAY_S", default=30)
