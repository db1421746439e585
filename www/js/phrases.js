// How the verdict line says each code, after "Rejected:". The sentences below it are the core's.

export const PHRASES = {
  token_too_large: 'it is too long for a token',
  token_malformed: 'it is not in three parts',
  base64_invalid: 'it is damaged or mis-copied',
  header_invalid: 'its header cannot be used',
  duplicate_member: 'it says something twice',
  critical_header_unsupported: 'it demands what nobody knows',
  signature_removed: 'its signature was removed',
  not_a_jwt: 'it is not a signed token',
  algorithm_unsupported: 'Google does not sign like that',
  algorithm_not_allowed: 'this issuer signs otherwise',
  key_id_missing: 'it does not name its key',
  key_not_found: 'its key is not among these',
  key_ambiguous: 'several keys answer to its key id',
  key_unusable: 'its key cannot be used',
  signature_invalid: 'the signature does not match',
  claims_malformed: 'its claims cannot be read',
  claim_missing: 'a claim is missing',
  claim_malformed: 'a claim is malformed',
  issuer_mismatch: 'another issuer',
  audience_mismatch: 'it was made for another audience',
  token_expired: 'it has expired',
  token_not_yet_valid: 'it is not valid yet',
  issued_in_future: 'it was issued in the future',
  lifetime_too_long: 'it lives too long',
  caller_not_allowed: 'this caller may not call',
  email_mismatch: 'another caller',
  email_unverified: 'its e-mail is not vouched for',
  subject_mismatch: 'another subject',
  hosted_domain_mismatch: 'another domain',
  authorized_party_mismatch: 'handed to another party',
  nonce_mismatch: 'another nonce'
}

const FOR_TESTS = new Set(['test_token', 'emulated_token'])

/** The report in one line, with the tone in which to show it. */
export function headline({ verdict, code, notes }, expectsAudience) {
  if (verdict === 'rejected') return { tone: 'fail', line: `Rejected: ${PHRASES[code] ?? code.replaceAll('_', ' ')}` }
  if (verdict === 'undecided') {
    return { tone: 'open', line: code === 'jwks_malformed' ? 'Undecided: the keys cannot be read' : 'Undecided: there are no keys yet' }
  }
  // Whoever made it has its key, and may be anybody.
  if (notes.some(({ note }) => FOR_TESTS.has(note))) return { tone: 'open', line: 'Verified, but made for tests' }
  // A good signature alone is no reason to let somebody in.
  if (!expectsAudience) return { tone: 'open', line: 'Genuine, but made for whom?' }
  const anyCaller = notes.some(({ note }) => note === 'no_caller_rule')
  return { tone: 'pass', line: anyCaller ? 'Verified, for any caller' : 'Verified' }
}
