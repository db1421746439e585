// The issuers to choose from. What each demands is the core's knowledge; these are words for people.

export const PROFILES = [
  { name: 'google', title: 'Google (accounts.google.com)', audience: 'your service’s URL, or your OAuth client id' },
  { name: 'iap', title: 'Identity-Aware Proxy', audience: '/projects/PROJECT_NUMBER/global/backendServices/SERVICE_ID' },
  { name: 'firebase', title: 'Firebase Authentication', parameter: 'Project id', audience: 'the project id' },
  { name: 'firebase-session', title: 'Firebase session cookie', parameter: 'Project id', audience: 'the project id' },
  { name: 'app-check', title: 'Firebase App Check', parameter: 'Project number', audience: 'projects/PROJECT_NUMBER' },
  { name: 'service-account', title: 'A service account itself', parameter: 'Its e-mail address', audience: 'the URL that the account signed for' },
  { name: 'chat', title: 'Google Chat', audience: 'the Chat app’s project number' },
  { name: 'confidential-space', title: 'Confidential Space', audience: 'https://sts.googleapis.com, or that of a custom token' },
  { name: 'gke', title: 'A GKE cluster', parameter: 'The cluster’s issuer', audience: 'PROJECT_ID.svc.id.goog, or that of the projected volume' }
]

/** A profile's name taken apart: `firebase:my-project` into its row and its parameter. */
export function splitProfile(profile) {
  const [name, ...rest] = profile.split(':')
  const row = PROFILES.find((row) => row.name === name) ?? PROFILES[0]
  return { row, parameter: rest.join(':') }
}

export function joinProfile(name, parameter) {
  return splitProfile(name).row.parameter === undefined ? name : `${name}:${parameter}`
}
