"""An ID token from a key file, as `gcloud` gets one: by Google's library for Python."""

import sys

from google.auth.transport.requests import Request
from google.oauth2 import service_account

credentials = service_account.IDTokenCredentials.from_service_account_file(sys.argv[1], target_audience=sys.argv[2])
credentials.refresh(Request())
if not credentials.token:
    sys.exit("no token")
