/**
 * Verifies the ID tokens that Google issues, and says who is calling.
 *
 * ```js
 * const verifier = createVerifier({ audience: 'https://service.example', callers: ['NAME@PROJECT.iam.gserviceaccount.com'] })
 * const caller = await verifier.verify(token)
 * ```
 */

/** Why a token was refused or could not be judged. Codes never change their meaning. */
export type ErrorCode =
  | 'token_too_large'
  | 'token_malformed'
  | 'base64_invalid'
  | 'header_invalid'
  | 'duplicate_member'
  | 'critical_header_unsupported'
  | 'signature_removed'
  | 'not_a_jwt'
  | 'algorithm_unsupported'
  | 'algorithm_not_allowed'
  | 'key_id_missing'
  | 'key_not_found'
  | 'key_ambiguous'
  | 'key_unusable'
  | 'signature_invalid'
  | 'claims_malformed'
  | 'claim_missing'
  | 'claim_malformed'
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'issued_in_future'
  | 'lifetime_too_long'
  | 'caller_not_allowed'
  | 'email_mismatch'
  | 'email_unverified'
  | 'subject_mismatch'
  | 'hosted_domain_mismatch'
  | 'project_mismatch'
  | 'authorized_party_mismatch'
  | 'nonce_mismatch'
  | 'jwks_malformed'
  | 'keys_unavailable'

/** A caller whose token passed every check. It is frozen, and shared by all requests with its token. */
export interface Caller {
  /** To be relied upon only if `emailVerified`. */
  readonly email?: string
  /** Whether the issuer vouches for the address. */
  readonly emailVerified: boolean
  /** The caller's id at the issuer (`sub`): stable, and never used again for somebody else. */
  readonly subject?: string
  /** An array only where the profile's issuer names several. */
  readonly audience: string | readonly string[]
  readonly issuer: string
  /** Seconds since 1970. */
  readonly issuedAt: number
  /** Seconds since 1970. */
  readonly expiresAt: number
  /** The Google Workspace or Cloud domain of the caller's account. */
  readonly hostedDomain?: string
  /** What kind of token it is, such as `google_service_account_id_token`. */
  readonly kind: string
  readonly keyId?: string
  readonly claims: Claims
}

/** JSON. Integers beyond 2⁵³ are BigInts with all their digits; `JSON.stringify` writes them as strings. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | Claims

export interface Claims {
  readonly [name: string]: JsonValue
}

export type CheckName =
  | 'format'
  | 'algorithm'
  | 'key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expiry'
  | 'issued_at'
  | 'not_before'
  | 'lifetime'
  | 'required_claims'
  | 'caller'
  | 'email'
  | 'subject'
  | 'hosted_domain'
  | 'project'
  | 'authorized_party'
  | 'nonce'

export interface Check {
  check: CheckName
  status: 'pass' | 'fail' | 'skipped'
  code: ErrorCode | null
  /** Several values mean any of them. */
  expected: string | string[] | null
  /** Untrusted text unless the report says `verified`. */
  found: string | null
  message: string
  hint: string | null
}

export interface Note {
  note: string
  message: string
}

interface ReportBase {
  kind: string
  description: string
  checks: Check[]
  /** Untrusted. */
  header: Claims | null
  summary: {
    caller: string | null
    audience: string | null
    issuer: string | null
    issued: string | null
    expires: string | null
    suggested_profile: string | null
  }
  key: { key_id: string | null; algorithm: string; bits: number; thumbprint: string } | null
  key_id: string | null
  expires_at: number | null
  /** Stands for the token in logs. */
  fingerprint: string | null
  key_source: { from: 'url' | 'given' | 'disk_cache'; url: string | null; fetched_at: number | null; expires_at: number | null } | null
  notes: Note[]
  /** The report as one line of JSON, byte for byte as `callerid verify --json` prints it. */
  toString(): string
}

export interface VerifiedReport extends ReportBase {
  verdict: 'verified'
  code: null
  claims: Claims
}

export interface RejectedReport extends ReportBase {
  verdict: 'rejected'
  code: ErrorCode
  /** What the token says, **which is not to be believed**. */
  unverified_claims: Claims | null
}

export interface UndecidedReport extends ReportBase {
  verdict: 'undecided'
  /** `null` where nothing was asked, as in `decode`. */
  code: ErrorCode | null
  /** What the token says, **which is not to be believed**. */
  unverified_claims: Claims | null
}

/** Only a verified report has `claims`. */
export type Report = VerifiedReport | RejectedReport | UndecidedReport

/** A token was refused or could not be judged. Neither message nor properties hold the token. */
export class CallerIdError extends Error {
  private constructor()
  readonly name: 'CallerIdError'
  readonly code: ErrorCode | 'token_missing'
  readonly report: RejectedReport | UndecidedReport
  /** The HTTP status that answers a request with this token. */
  readonly status: 401 | 403 | 503
  /** Seconds after which keys may be had again. */
  readonly retryAfter?: number
}

interface Demands {
  /** Any of these exact addresses, verified. */
  email?: string | readonly string[]
  /** A verified address in exactly this domain. */
  emailDomain?: string
  subject?: string
  /** A member of this Google Workspace or Cloud domain (`hd`). */
  hostedDomain?: string
  /** A service account of this project, by id. */
  project?: string
}

type AtLeastOne<T> = { [Name in keyof T]-?: Required<Pick<T, Name>> & Omit<T, Name> }[keyof T]

/** A description of callers; all that it demands must hold. */
export type CallerRule = AtLeastOne<Demands>

/** For whom tokens must be made. */
type AudienceOption =
  | { audience: string | readonly [string, ...string[]] | readonly string[]; insecureAnyAudience?: false }
  /** Accepts tokens that were made for anybody, so that one sent to another service is accepted here. */
  | { insecureAnyAudience: true; audience?: never }

/** Who may call. Anyone on earth can have Google sign an ID token for any audience. */
type CallersOption =
  | {
      /** Addresses and rules of which one must hold; or one rule alone, each of whose demands is then a check of its own. */
      callers: readonly (string | CallerRule)[] | CallerRule
      anyCaller?: false
    }
  /** Accepts everyone, for services that decide themselves who may call. */
  | { anyCaller: true; callers?: never }

interface OtherOptions {
  /** Whose tokens; `google` unless given. */
  profile?:
    | 'google'
    | 'iap'
    | 'chat'
    | 'confidential-space'
    | `firebase:${string}`
    | `firebase-session:${string}`
    | `app-check:${string}`
    | `service-account:${string}`
    | `gke:${string}`
  /** The client (`azp`), or any of those, that tokens must have been handed to. */
  authorizedParty?: string | readonly string[]
  nonce?: string
  /** A JWK set or a map of key ids to PEM texts, or its text, or its URL; the profile's endpoint unless given. */
  keys?: object | string | URL
  /** Seconds by which clocks may differ; 30 unless given. */
  clockSkew?: number
  /** The time in seconds since 1970. */
  now?: () => number
  fetch?: (url: string, init: { headers: Record<string, string>; redirect: 'manual'; signal: AbortSignal }) => Promise<Response>
  /** How many verified tokens are remembered, or `false`; 1,000 unless given. */
  cache?: false | number
  /** Seconds to wait for the key endpoint; 5 unless given. */
  timeout?: number
}

export type VerifierOptions = AudienceOption & CallersOption & OtherOptions

export interface Verifier {
  /** The caller; rejects with a `CallerIdError`. Fetches keys when it must. */
  verify(token: string): Promise<Caller>
  /** The caller, by the keys that are there; throws a `CallerIdError`. */
  verifySync(token: string): Caller
  /** The report on a token, good or bad. */
  inspect(token: string): Promise<Report>
  /** The report, by the keys that are there. */
  inspectSync(token: string): Report
  /** Fetches the keys before the first token comes; rejects with a `CallerIdError`. */
  ready(): Promise<void>
  /** The caller of a Fetch-style request, or the response that refuses it. */
  verifyRequest(request: Request): Promise<{ caller: Caller; response?: undefined; error?: undefined } | { caller?: undefined; response: Response; error: Error }>
}

/** A verifier that knows for whom tokens must be made and who may call; throws a `TypeError` if it does not. */
export function createVerifier(options: VerifierOptions): Verifier

/** A request, as far as `authenticate` needs it. */
interface IncomingRequest {
  headers: Record<string, string | string[] | undefined>
  rawHeaders?: string[]
  caller?: Caller
}

interface OutgoingResponse {
  statusCode: number
  setHeader(name: string, value: string): unknown
  end(body?: string): unknown
}

/** Middleware for Express, Connect and the Functions Framework: sets `request.caller`, or answers 401, 403, 503 or 500. */
export function authenticate(
  options: VerifierOptions | Verifier,
  hooks?: {
    /** Told of every request that is refused, for the log. */
    onReject?: (error: Error, request: any) => void
  }
): (request: IncomingRequest, response: OutgoingResponse, next: (error?: any) => any) => any

/** Shows what a token says **without verifying it**. */
export function decode(token: string, options?: { now?: number }): UndecidedReport

/** Finds the tokens in a pasted text: a header line, a command, a JSON reply. */
export function extract(text: string): { tokens: string[]; notes: Note[] }

/** Every code with the HTTP status that answers it, its sentence and its hint. */
export function errorCodes(): { readonly [Code in ErrorCode]: { readonly status: 401 | 403 | 503; readonly message: string; readonly hint: string } }

/** Loads the WebAssembly module; needed only in browsers, before `decode` and the calls ending in `Sync`. */
export function init(source?: string | URL | Response | BufferSource | WebAssembly.Module): Promise<void>

declare global {
  namespace Express {
    interface Request {
      /** Set by `authenticate` of callerid. */
      caller?: Caller
    }
  }
}
