//! The errors of Confluence: those of version 2, of version 1, of the gateway, and pages of HTML.

use serde_json::{Value, json};

use crate::provider::exchange::Reply;

/// An error of version 2.
fn second(status: u16, code: &str, title: &str) -> Reply {
    Reply::json(status, &json!({"errors": [{"status": status, "code": code, "title": title, "detail": null}]}))
}

/// No such thing, or none that the caller may see: one answer for both.
pub(super) fn not_found() -> Reply {
    second(404, "NOT_FOUND", "Not Found")
}

/// A value that the parameter does not take.
pub(super) fn bad_value(name: &str, value: &str) -> Reply {
    second(400, "INVALID_REQUEST_PARAMETER", &format!("Provided value {{{value}}} for '{name}' is not valid"))
}

/// Nobody who is known at the site.
pub(super) fn unknown() -> Reply {
    second(401, "UNAUTHORIZED", "Unauthorized")
}

/// The gateway's word for a token that lacks the scope.
pub(super) fn no_scope() -> Reply {
    Reply::json(401, &json!({"code": 401, "message": "Unauthorized; scope does not match"}))
}

/// The gateway's word for nobody who is known.
pub(super) fn unknown_at_gateway() -> Reply {
    Reply::json(401, &json!({"code": 401, "message": "Unauthorized"}))
}

/// No such thing, in version 1.
pub(super) fn no_content(id: &str) -> Reply {
    let text = format!("No content found with id : ContentId{{id={id}}}");
    let message = format!("com.atlassian.confluence.api.service.exceptions.NotFoundException: {text}");
    first(404, &text, true, &message)
}

/// A whole list refused for one ancestor that the server cannot read.
pub(super) fn unreadable_ancestor(id: u64) -> Reply {
    let text = format!("No content with id <ContentId{{id={id}}}> can be found");
    let error = json!({"message": {"translation": text}});
    let data = json!({"authorized": false, "valid": false, "errors": [error], "successful": false});
    Reply::json(404, &json!({"statusCode": 404, "data": data}))
}

/// A request that version 1 does not understand.
pub(super) fn bad_request(text: &str) -> Reply {
    first(400, text, false, &format!("com.atlassian.confluence.api.service.exceptions.BadRequestException: {text}"))
}

fn first(status: u16, text: &str, authorized: bool, message: &str) -> Reply {
    let error = json!({"message": {"key": text, "args": [], "translation": text}});
    let data = json!({"authorized": authorized, "valid": false, "allowedInReadOnlyMode": true, "errors": [error], "successful": false});
    let reason: Value = if status == 404 { json!("Not Found") } else { json!("Bad Request") };
    Reply::json(status, &json!({"statusCode": status, "data": data, "message": message, "reason": reason}))
}

/// Nobody who is known to a server of one's own.
pub(super) fn unknown_at_server() -> Reply {
    Reply::new(401, "text/html;charset=ISO-8859-1", page("Unauthorized", "HTTP Status 401"))
        .header("www-authenticate", "OAuth realm=\"http%3A%2F%2F127.0.0.1\"")
}

/// The page of a single sign-on, which is no answer of the API though its status is 200.
pub(super) fn login_page() -> Reply {
    Reply::new(200, "text/html;charset=UTF-8", page("Log in", "Log in to continue"))
}

/// The proxy before the service gave up.
pub(super) fn timed_out() -> Reply {
    Reply::new(504, "text/html", page("504 Gateway Time-out", "504 Gateway Time-out"))
}

/// A page of HTML for people.
pub(super) fn page(title: &str, heading: &str) -> String {
    format!("<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{heading}</h1></body></html>")
}
