"""PyJWT, used as its documentation shows: verifies tokens by the keys that PyJWKClient fetches.

Usage: python pyjwt.py verify URL AUDIENCE    claims, or the error, of each token on standard input
"""

import json
import sys

import jwt

_, url, audience = sys.argv[1:]
# Without a cool-down a key id that is not known is asked for at once.
client = jwt.PyJWKClient(url, cooldown_duration=0)


def verdict(token):
    try:
        key = client.get_signing_key_from_jwt(token)
        issuers = ["https://accounts.google.com", "accounts.google.com"]
        return {"claims": jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=issuers)}
    except jwt.PyJWTError as error:
        return {"error": type(error).__name__, "message": str(error)}


# A line is answered before the next one is read, so that keys may be changed between two.
for line in sys.stdin:
    print(json.dumps(verdict(line.strip())), flush=True)
