//! The errors of Zendesk, in the shapes that it has for them.

use serde_json::json;

use crate::provider::exchange::Reply;

/// No such item, or none for this caller.
pub(super) fn no_record() -> Reply {
    Reply::json(404, &json!({"error": "RecordNotFound", "description": "Not found"}))
}

/// No such route, or none on this plan.
pub(super) fn no_route() -> Reply {
    Reply::json(404, &json!({"error": "InvalidEndpoint", "description": "Not found"}))
}

/// Nobody, or nobody who is known.
pub(super) fn no_credentials() -> Reply {
    Reply::json(401, &json!({"error": "Couldn't authenticate you"}))
}

/// An access token that is no good.
pub(super) fn no_token() -> Reply {
    let text = "The access token provided is expired, revoked, malformed or invalid for other reasons.";
    Reply::json(401, &json!({"error": "invalid_token", "error_description": text}))
}

/// A token without the scope.
pub(super) fn no_scope() -> Reply {
    let text = "You are missing the following required scopes: hc:read";
    Reply::json(403, &json!({"error": "Forbidden", "description": text}))
}

/// Somebody who is known and may not.
pub(super) fn forbidden() -> Reply {
    let text =
        "You do not have access to this page. Please contact the account owner of this help desk for further help.";
    Reply::json(403, &json!({"error": {"title": "Forbidden", "message": text}}))
}

/// A page past the 10,000th record.
pub(super) fn too_deep() -> Reply {
    let title = "Pagination requests using Offset Pagination are limited";
    let detail = "Requests for records past 10000 are not allowed. Use cursor pagination.";
    Reply::json(400, &json!({"errors": [{"code": "InvalidPaginationDepth", "title": title, "detail": detail}]}))
}

/// A cursor that is no good, or no good any more.
pub(super) fn bad_cursor(name: &str) -> Reply {
    let detail = format!("{name} is not valid");
    let error =
        json!({"code": "InvalidPaginationParameter", "title": "Invalid pagination parameter", "detail": detail});
    Reply::json(400, &json!({"errors": [error]}))
}

/// A parameter that should be a number.
pub(super) fn no_integer(name: &str) -> Reply {
    let details = json!({name: [{"description": format!("{name} must be an integer")}]});
    let body = json!({"error": "RecordInvalid", "description": "Record validation errors", "details": details});
    Reply::json(400, &body)
}

/// Too many requests: plain text that calls itself HTML.
pub(super) fn throttled(retry_after: Option<&str>) -> Reply {
    let text = "Number of allowed API requests per minute exceeded";
    let reply = Reply::new(429, "text/html; charset=utf-8", text);
    match retry_after {
        Some(when) => reply.header("retry-after", when),
        None => reply,
    }
}
