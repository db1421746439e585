// What each known member means, in a sentence, and where it is specified.
// A row is: sentence, specification, and `true` if its number is a time.

const JWT = 'https://www.rfc-editor.org/rfc/rfc7519#section-4.1.'
const JWS = 'https://www.rfc-editor.org/rfc/rfc7515#section-4.1.'
const OIDC = 'https://openid.net/specs/openid-connect-core-1_0.html#'
const GOOGLE = 'https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload'
const IAP = 'https://cloud.google.com/iap/docs/signed-headers-howto'
const FIREBASE = 'https://firebase.google.com/docs/auth/admin/verify-id-tokens'
const COMPUTE = 'https://cloud.google.com/compute/docs/instances/verifying-instance-identity'
const SPACE = 'https://cloud.google.com/confidential-computing/confidential-space/docs/reference/token-claims'
const OAUTH = 'https://developers.google.com/identity/protocols/oauth2/service-account'

export const HEADER = {
  alg: ['The algorithm of the signature; the profile decides which are allowed.', `${JWS}1`],
  kid: ['Names the key that signed it.', `${JWS}4`],
  typ: ['The media type of the whole, here a JWT.', `${JWS}9`],
  cty: ['The media type of the payload.', `${JWS}10`],
  crit: ['Members that must be understood; there are none that Google uses.', `${JWS}11`],
  jku: ['An address of keys. Never followed: the token does not choose its judge.', `${JWS}2`],
  jwk: ['A key. Never used: the token does not choose its judge.', `${JWS}3`],
  x5u: ['An address of certificates. Never followed.', `${JWS}5`],
  x5c: ['Certificates. Never used.', `${JWS}6`],
  x5t: ['The fingerprint of a certificate.', `${JWS}7`]
}

export const CLAIMS = {
  iss: ['Who issued it.', `${JWT}1`],
  sub: ['Whom it speaks for, by an id that never changes.', `${JWT}2`],
  aud: ['For whom it was made: the only service that should accept it.', `${JWT}3`],
  exp: ['From then on it is no longer good.', `${JWT}4`, true],
  nbf: ['Before then it is not good yet.', `${JWT}5`, true],
  iat: ['When it was issued.', `${JWT}6`, true],
  jti: ['Its own id, to notice a second use.', `${JWT}7`],
  azp: ['The client it was handed to; of a service account, its own id.', `${OIDC}IDToken`],
  nonce: ['Repeats what the client sent, to tie the token to that request.', `${OIDC}IDToken`],
  auth_time: ['When the person last signed in.', `${OIDC}IDToken`, true],
  at_hash: ['Ties it to the access token issued beside it.', `${OIDC}CodeIDToken`],
  acr: ['How strongly the person was authenticated.', `${OIDC}IDToken`],
  amr: ['By which methods the person was authenticated.', `${OIDC}IDToken`],
  email: ['The caller’s address. It counts only if the issuer vouches for it.', GOOGLE],
  email_verified: ['Whether the issuer vouches for the address.', GOOGLE],
  hd: ['The Workspace domain of the person. Test this, not the end of the address.', GOOGLE],
  name: ['The person’s full name.', GOOGLE],
  given_name: ['The person’s given name.', GOOGLE],
  family_name: ['The person’s family name.', GOOGLE],
  picture: ['The address of a picture; not loaded here.', GOOGLE],
  locale: ['The person’s language and region.', GOOGLE],
  profile: ['The address of the person’s profile.', GOOGLE],
  scope: ['What the account asks to be allowed.', OAUTH],
  target_audience: ['The audience of the ID token that this is to be exchanged for.', OAUTH],
  google: ['What Google adds about the machine or the access levels.', COMPUTE],
  compute_engine: ['The virtual machine that asked for the token.', COMPUTE],
  project_id: ['The project of the virtual machine.', COMPUTE],
  project_number: ['The number of that project.', COMPUTE],
  zone: ['Where the machine runs.', COMPUTE],
  instance_id: ['The id of the machine; a text, as it has too many digits for a number.', COMPUTE],
  instance_name: ['The name of the machine.', COMPUTE],
  instance_creation_timestamp: ['When the machine was created.', COMPUTE, true],
  access_levels: ['Access levels of the organisation that the request met.', IAP],
  device_id: ['The device that the request came from.', IAP],
  identity_source: ['Which kind of identity signed in at Identity-Aware Proxy.', IAP],
  workforce_identity: ['The member of a workforce pool who signed in.', IAP],
  gcip: ['The claims of the Identity Platform user who signed in.', IAP],
  additional_claims: ['Attributes that Identity-Aware Proxy was told to pass on.', IAP],
  user_id: ['The Firebase user, the same as sub.', FIREBASE],
  phone_number: ['The user’s telephone number.', FIREBASE],
  firebase: ['How the user signed in.', FIREBASE],
  identities: ['The accounts that the user is linked to.', FIREBASE],
  sign_in_provider: ['The provider that the user signed in with.', FIREBASE],
  tenant: ['The Identity Platform tenant.', FIREBASE],
  event_type: ['The event for which a blocking function is called.', 'https://cloud.google.com/identity-platform/docs/blocking-functions'],
  uid: ['The user that a custom token signs in.', 'https://firebase.google.com/docs/auth/admin/create-custom-tokens'],
  events: ['What happened, by the address of the kind of event.', 'https://developers.google.com/identity/protocols/risc'],
  'kubernetes.io': ['The namespace, pod and service account in the cluster.', 'https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/'],
  eat_nonce: ['What the workload asked to have put in.', SPACE],
  hwmodel: ['The hardware that vouches for the machine.', SPACE],
  swname: ['The software that was attested.', SPACE],
  swversion: ['The version of that software.', SPACE],
  secboot: ['Whether the machine was started by secure boot.', SPACE],
  dbgstat: ['Whether the machine can be debugged.', SPACE],
  oemid: ['The maker: 11129 is Google.', SPACE],
  submods: ['What was measured of the container and the machine.', SPACE],
  google_service_accounts: ['The service accounts that the workload may use.', SPACE]
}

// Values in which a letter that looks like another could deceive.
export const ADDRESSES = new Set(['email', 'iss', 'sub', 'aud', 'azp', 'hd', 'target_audience', 'kid'])
