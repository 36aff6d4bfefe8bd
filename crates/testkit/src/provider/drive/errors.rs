//! Google's error body: `{error: {code, message, errors: [{domain, reason, message, location?, locationType?}]}}`.

use serde_json::{Value, json};

use crate::provider::exchange::Reply;
use crate::provider::fake::{Refusal, ThrottleShape};

pub fn error(status: u16, reason: &str, message: &str) -> Reply {
    of_domain("global", status, reason, message)
}

/// A refusal of one parameter.
pub fn parameter(status: u16, reason: &str, message: &str, name: &str) -> Reply {
    let place = json!({ "location": name, "locationType": "parameter" });
    body(status, message, &detail("global", reason, message, &place))
}

pub fn invalid(name: &str) -> Reply {
    parameter(400, "invalid", "Invalid Value", name)
}

pub fn not_found(id: &str) -> Reply {
    parameter(404, "notFound", &format!("File not found: {id}."), "fileId")
}

pub fn unauthorized() -> Reply {
    let place = json!({ "location": "Authorization", "locationType": "header" });
    body(401, "Invalid Credentials", &detail("global", "authError", "Invalid Credentials", &place))
}

/// The form of RFC 6749, which the token endpoint has.
pub fn oauth(status: u16, code: &str, description: &str) -> Reply {
    Reply::json(status, &json!({ "error": code, "error_description": description }))
}

/// The refusals that no route gives.
pub fn refusal(refusal: &Refusal, is_token_call: bool) -> Reply {
    match refusal {
        Refusal::Throttled { retry_after, shape } => {
            let reply = match shape {
                ThrottleShape::Usual => of_domain("usageLimits", 429, "rateLimitExceeded", "Rate Limit Exceeded"),
                ThrottleShape::PlainText => {
                    Reply::new(429, "text/html", "<html><title>429</title>Too Many Requests</html>")
                }
                ThrottleShape::Forbidden => {
                    of_domain("usageLimits", 403, "userRateLimitExceeded", "User Rate Limit Exceeded")
                }
            };
            retry_after.iter().fold(reply, |reply, value| reply.header("retry-after", value))
        }
        Refusal::Unauthorized if is_token_call => oauth(400, "invalid_grant", "Token has been expired or revoked."),
        Refusal::Unauthorized => unauthorized(),
        Refusal::Broken { status: status @ 500 } => error(*status, "internalError", "Internal Error"),
        Refusal::Broken { status: status @ 503 } => error(*status, "backendError", "Backend Error"),
        Refusal::Broken { status } => {
            Reply::new(*status, "text/html; charset=UTF-8", "<html><title>Error</title></html>")
        }
    }
}

fn of_domain(domain: &str, status: u16, reason: &str, message: &str) -> Reply {
    body(status, message, &detail(domain, reason, message, &Value::Null))
}

fn detail(domain: &str, reason: &str, message: &str, place: &Value) -> Value {
    let mut detail = json!({ "domain": domain, "reason": reason, "message": message });
    for (name, value) in place.as_object().into_iter().flatten() {
        detail[name] = value.clone();
    }
    detail
}

fn body(status: u16, message: &str, detail: &Value) -> Reply {
    Reply::json(status, &json!({ "error": { "code": status, "message": message, "errors": [detail] } }))
}
