//! The vendor's OpenAPI document, with what it has wrong or leaves out put right.

use serde_json::{Value, json};

use crate::provider::contract::{Contract, vendor};

/// The document's file in the folder of the vendors' documents.
const FILE: &str = "zendesk-help-center.json";

/// What cuts lists into pages, which the document declares nowhere, and what loads beside articles, which its prose has.
const QUERY: [&str; 6] = ["page[size]", "page[after]", "page[before]", "page", "per_page", "include"];

/// Routes of the vendor's reference that the document lacks, with their names in the answers.
const ROUTES: [(&str, &str); 7] = [
    ("/api/v2/users/me", "user"),
    ("/api/v2/help_center/user_segments", "user_segments"),
    ("/api/v2/help_center/articles/{id}/attachments", "article_attachments"),
    ("/api/v2/help_center/articles/{id}/attachments/inline", "article_attachments"),
    ("/api/v2/help_center/articles/{id}/attachments/block", "article_attachments"),
    ("/api/v2/help_center/{locale}/articles/{id}/attachments", "article_attachments"),
    ("/api/v2/help_center/{locale}/articles/{id}/attachments/block", "article_attachments"),
];

/// The document.
pub fn document() -> Value {
    let mut document = vendor(FILE);
    // It knows Basic alone. Bearer tokens and nobody at all are in the reference.
    document["security"] = json!([]);
    // Drafts that nobody has written have no body.
    for schema in ["ArticleObject", "TranslationObject"] {
        document["components"]["schemas"][schema]["properties"]["body"]["nullable"] = json!(true);
    }
    for (path, name) in ROUTES {
        let schema = json!({"type": "object", "required": [name]});
        let operation = json!({"responses": {"200": {"content": {"application/json": {"schema": schema}}}}});
        document["paths"][path] = json!({"get": operation});
        document["paths"][format!("{path}.json")] = json!({"get": operation});
    }
    document["paths"]["/oauth/tokens"] = json!({"post": tokens()});
    let bytes = json!({"responses": {"200": {"content": {"*/*": {"schema": {}}}}}});
    document["paths"]["/hc/article_attachments/{id}"] = json!({"get": bytes});
    document
}

/// The token endpoint: the fields that the reference has, and those of the errors of OAuth.
fn tokens() -> Value {
    let grants = ["authorization_code", "client_credentials", "refresh_token"];
    let request = json!({
        "type": "object",
        "required": ["grant_type", "client_id"],
        "properties": {"grant_type": {"enum": grants}, "client_id": {"type": "string"}},
    });
    let pair = json!({
        "type": "object",
        "required": ["access_token", "refresh_token", "token_type", "scope", "expires_in"],
        "properties": {"access_token": {"type": "string"}, "token_type": {"enum": ["bearer"]}, "scope": {"type": "string"}},
    });
    let contents =
        json!({"application/json": {"schema": request}, "application/x-www-form-urlencoded": {"schema": request}});
    json!({
        "requestBody": {"required": true, "content": contents},
        "responses": {"200": {"content": {"application/json": {"schema": pair}}}},
    })
}

/// The judge of requests and answers. The document has no errors: theirs are the shapes that were seen in life.
pub fn contract() -> Contract {
    let text = json!({"type": "string"});
    let named = json!({"type": "object", "required": ["error"], "properties": {"error": text}});
    let titled = json!({"type": "object", "required": ["title", "message"]});
    let titled = json!({"type": "object", "required": ["error"], "properties": {"error": titled}});
    let listed = json!({"type": "array", "items": {"type": "object", "required": ["code", "title"]}});
    let listed = json!({"type": "object", "required": ["errors"], "properties": {"errors": listed}});
    Contract::new(document())
        .with_query(&QUERY)
        .with_statuses(&[204])
        .with_errors(json!({"oneOf": [named, titled, listed]}))
}
