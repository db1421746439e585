"""PyJWT, used as its documentation shows: verifies tokens by the keys that PyJWKClient fetches.

Usage: python pyjwt.py URL AUDIENCE [ISSUER ALGORITHM]    claims, or the error, of each token on standard input
"""

import json
import sys

import jwt

url, audience, *other = sys.argv[1:]
issuer, algorithm = other or (["https://accounts.google.com", "accounts.google.com"], "RS256")
# Without a cool-down a key id that is not known is asked for at once.
client = jwt.PyJWKClient(url, cooldown_duration=0)


def verdict(token):
    try:
        key = client.get_signing_key_from_jwt(token)
        return {"claims": jwt.decode(token, key, algorithms=[algorithm], audience=audience, issuer=issuer)}
    except jwt.PyJWTError as error:
        return {"error": type(error).__name__, "message": str(error)}


# A line is answered before the next one is read, so that keys may be changed between two.
for line in sys.stdin:
    print(json.dumps(verdict(line.strip())), flush=True)
