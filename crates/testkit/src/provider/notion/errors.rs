//! Refusals in the vendor's words and shape.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::provider::exchange::Reply;
use crate::provider::fake::{Refusal, ThrottleShape};

/// Every answer carries one; nothing looks it up.
const REQUEST_ID: &str = "a1f0b4c2-5d7e-4b1f-9c3a-0e8d7c6b5a49";

/// `{object, status, code, message, request_id}`.
pub fn error(status: u16, code: &str, message: &str) -> Reply {
    with_data(status, code, message, None)
}

pub fn validation(message: &str) -> Reply {
    error(400, "validation_error", message)
}

pub fn not_found(what: &str, id: Uuid) -> Reply {
    let message = format!(
        "Could not find {what} with ID: {id}. Make sure the relevant pages and databases are shared with your integration."
    );
    error(404, "object_not_found", &message)
}

/// The refusals that no route gives.
pub fn refusal(refusal: &Refusal, is_token_call: bool) -> Reply {
    match refusal {
        Refusal::Throttled { retry_after, shape } => {
            let reply = match shape {
                ThrottleShape::PlainText => Reply::new(429, "text/html", "Too many requests"),
                // There is no 403 for this vendor's limits.
                ThrottleShape::Usual | ThrottleShape::Forbidden => {
                    let data = json!({ "rate_limit_reason": "connection_rate_limit" });
                    with_data(
                        429,
                        "rate_limited",
                        "You have been rate limited. Please try again in a few minutes.",
                        Some(data),
                    )
                }
            };
            retry_after.iter().fold(reply, |reply, value| reply.header("retry-after", value))
        }
        Refusal::Unauthorized if is_token_call => error(400, "invalid_grant", "The refresh token was revoked."),
        Refusal::Unauthorized => unauthorized(),
        Refusal::Broken { status: 500 } => error(500, "internal_server_error", "An unexpected error occurred."),
        Refusal::Broken { status: 503 } => {
            error(503, "service_unavailable", "Notion is unavailable. Please try again later.")
        }
        Refusal::Broken { status: 504 } => error(504, "gateway_timeout", "The request took too long."),
        Refusal::Broken { status: 529 } => error(529, "service_overload", "The service is overloaded."),
        // What the proxies before the service answer has no body of the interface.
        Refusal::Broken { status } => {
            Reply::new(*status, "text/html", "<html><body><h1>Bad gateway</h1></body></html>")
        }
    }
}

pub fn unauthorized() -> Reply {
    error(401, "unauthorized", "API token is invalid.")
}

fn with_data(status: u16, code: &str, message: &str, data: Option<Value>) -> Reply {
    let mut body = json!({
        "object": "error", "status": status, "code": code, "message": message, "request_id": REQUEST_ID,
    });
    if let Some(data) = data {
        body["additional_data"] = data;
    }
    Reply::json(status, &body).header("x-notion-request-id", REQUEST_ID)
}
