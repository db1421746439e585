"""google-auth, used as its documentation shows: one job in, one line of JSON out.

Usage: python google_auth.py JOB ARGUMENT...
  fetch AUDIENCE                       a token, from wherever the environment says
  credentials SOURCE FILE AUDIENCE     a token of IDTokenCredentials; SOURCE: key_file, metadata or impersonation
  call SOURCE FILE AUDIENCE URL        GET through an AuthorizedSession: status and body
  access SOURCE FILE                   an access token; SOURCE: as above, or default
  verify AUDIENCE                      claims, or the error, of each token on standard input, by Google's own endpoint
  verify AUDIENCE CERTS_URL            the same, by this endpoint
"""

import json
import os
import sys

import google.auth
import google.auth.exceptions
from google.auth import compute_engine, impersonated_credentials
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import id_token, service_account

SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]


def impersonated(file):
    with open(file, encoding="utf-8") as text:
        info = json.load(text)
    return impersonated_credentials.Credentials.from_impersonated_service_account_info(info, scopes=SCOPES)


def id_token_credentials(source, file, audience):
    if source == "key_file":
        return service_account.IDTokenCredentials.from_service_account_file(file, target_audience=audience)
    if source == "metadata":
        return compute_engine.IDTokenCredentials(Request(), audience, use_metadata_identity_endpoint=True)
    return impersonated_credentials.IDTokenCredentials(
        impersonated(file), target_audience=audience, include_email=True
    )


def access_credentials(source, file):
    if source == "key_file":
        return service_account.Credentials.from_service_account_file(file, scopes=SCOPES)
    if source == "metadata":
        return compute_engine.Credentials()
    if source == "impersonation":
        return impersonated(file)
    return google.auth.default(scopes=SCOPES)[0]


def fetch(audience):
    return {"token": id_token.fetch_id_token(Request(), audience)}


def credentials(source, file, audience):
    found = id_token_credentials(source, file, audience)
    found.refresh(Request())
    return {"token": found.token, "expiry": found.expiry.isoformat()}


def call(source, file, audience, url):
    answer = AuthorizedSession(id_token_credentials(source, file, audience)).get(url, timeout=30)
    return {"status": answer.status_code, "body": answer.text}


def access(source, file):
    found = access_credentials(source, file)
    found.refresh(Request())
    return {"token": found.token}


def verify(audience, *certs_url):
    return [verdict(token, audience, *certs_url) for token in sys.stdin.read().split()]


def verdict(token, audience, certs_url=None):
    try:
        if certs_url is None:
            return {"claims": id_token.verify_oauth2_token(token, Request(), audience)}
        return {"claims": id_token.verify_token(token, Request(), audience, certs_url=certs_url)}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}


JOBS = {"fetch": fetch, "credentials": credentials, "call": call, "access": access, "verify": verify}

try:
    print(json.dumps(JOBS[sys.argv[1]](*sys.argv[2:])), flush=True)
except google.auth.exceptions.GoogleAuthError as error:
    sys.exit(f"{type(error).__name__}: {error}")
# A thread of the library may still be asking where the account may be used; nobody waits for it.
os._exit(0)
