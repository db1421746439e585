#!/usr/bin/env python3
"""Signs the tokens of the command line's tests with the keys in tests/keys. Needs `cryptography`.

Run it in this directory, after which `TRYCMD=overwrite cargo test -p callerid-cli --test cmd` shows what
has changed. ES256 signatures differ from run to run; nothing else does.
"""
import base64, json, pathlib
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

KEYS = pathlib.Path("../../../../../tests/keys")
NOW = 1_800_000_000


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, length=None):
    return b64(value.to_bytes(length or (value.bit_length() + 7) // 8, "big"))


def load(name):
    return serialization.load_pem_private_key((KEYS / f"{name}.pem").read_bytes(), None)


def jwk(key, **members):
    public = key.public_key().public_numbers()
    if isinstance(key, rsa.RSAPrivateKey):
        return {"kty": "RSA", **members, "n": number(public.n), "e": number(public.e)}
    return {"kty": "EC", "crv": "P-256", **members, "x": number(public.x, 32), "y": number(public.y, 32)}


def sign(key, header, claims):
    text = ".".join(b64(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()) for part in (header, claims))
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    else:
        r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{text}.{b64(signature)}"


def write(name, text):
    pathlib.Path(name).write_text(text + "\n")


k1, k2 = load("rsa-2048-e65537"), load("p256")
rs256 = {"alg": "RS256", "kid": "k1", "typ": "JWT"}
claims = {
    "aud": "https://svc.example",
    "azp": "104852002444754136271",
    "email": "caller@project-1.iam.gserviceaccount.com",
    "email_verified": True,
    "exp": NOW + 3300,
    "iat": NOW - 300,
    "iss": "https://accounts.google.com",
    "sub": "104852002444754136271",
}
hostile = {**claims, "email": "\u202emoc.elgoog@nimda", "email_verified": True, "name": "\u001b[2J\u0007 $(reboot)"}
iap = {
    "aud": "/projects/1234/global/backendServices/5678",
    "email": "person@corp.example",
    "exp": NOW + 300,
    "hd": "corp.example",
    "iat": NOW - 300,
    "iss": "https://cloud.google.com/iap",
    "sub": "accounts.google.com:104852002444754136271",
}

valid = sign(k1, rs256, claims)
write("valid.jwt", valid)
write("flipped.jwt", valid[:-6] + ("A" if valid[-6] != "A" else "B") + valid[-5:])
write("redacted.jwt", valid.rsplit(".", 1)[0] + ".SIGNATURE_REMOVED_BY_GOOGLE")
write("unknown-key.jwt", sign(load("rsa-2048-e65537-attacker"), {**rs256, "kid": "k9"}, claims))
write("hostile.jwt", sign(k1, rs256, hostile))
write("iap.jwt", sign(k2, {"alg": "ES256", "kid": "k2", "typ": "JWT"}, iap))

signing = {"alg": "RS256", "use": "sig"}
both = [jwk(k1, kid="k1", **signing), jwk(k2, kid="k2", alg="ES256", use="sig")]
write("keys.json", json.dumps({"keys": both}))
small = jwk(load("rsa-1024-e65537"), kid="small", **signing)
encrypting = jwk(load("rsa-3072-e17"), kid="encrypting", alg="RS256", use="enc")
write("mixed-keys.json", json.dumps({"keys": [*both, small, encrypting]}))
