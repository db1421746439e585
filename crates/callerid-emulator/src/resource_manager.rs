//! Resource Manager, as far as clients ask it for the id of a project of which they know the number.

use serde_json::{Value, json};

use crate::access_token::CLOUD_PLATFORM;
use crate::api_error::ApiError;
use crate::http::{Request, Response};
use crate::state::State;

const PREFIX: &str = "/v1/projects/";
const METHOD: &str = "google.cloudresourcemanager.v1.Projects.GetProject";
const SCOPES: [&str; 3] = [
    CLOUD_PLATFORM,
    "https://www.googleapis.com/auth/cloud-platform.read-only",
    "https://www.googleapis.com/auth/cloudplatformprojects.readonly",
];

/// `GET /v1/projects/{id or number}`
pub(crate) fn project(state: &State, request: &Request) -> Response {
    match find(state, request) {
        Ok(project) => Response::ok(&project),
        Err(error) => error.to_response(),
    }
}

fn find(state: &State, request: &Request) -> Result<Value, ApiError> {
    let access = request.bearer().and_then(|token| state.access(token));
    let access = access.ok_or_else(|| ApiError::unauthenticated(None, METHOD))?;
    if !access.has_scope(&SCOPES) {
        return Err(ApiError::permission_denied("Request had insufficient authentication scopes."));
    }
    let (id, number) = (&state.config.project_id, state.config.project_number.to_string());
    let wanted = request.after(PREFIX).unwrap_or_default();
    // Other people's projects look the same as those that are not there.
    if wanted != *id && wanted != number {
        return Err(ApiError::permission_denied("The caller does not have permission"));
    }
    Ok(json!({
        "projectNumber": number,
        "projectId": id,
        "lifecycleState": "ACTIVE",
        "name": id,
        "createTime": "2025-01-01T00:00:00.000Z",
    }))
}
