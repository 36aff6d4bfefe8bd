//! The vendor's OpenAPI document of version 2, with what it has wrong or leaves out put right.

use serde_json::{Value, json};

use crate::provider::contract::{Contract, vendor};

/// The document's file in the folder of the vendors' documents.
const FILE: &str = "confluence-v2.json";

/// Where the gateway has the site.
const GATEWAY: &str = "/ex/confluence/{cloudId}";

/// Routes of the cloud that no document of the vendor's is at hand for.
const ROUTES: [&str; 9] = [
    "/_edge/tenant_info",
    "/media/{id}",
    "/wiki/download/attachments/{id}/{name}",
    "/wiki/rest/api/search",
    "/wiki/rest/api/content/search",
    "/wiki/rest/api/content/{id}",
    "/wiki/rest/api/content/{id}/child/attachment",
    "/wiki/rest/api/content/{id}/child/attachment/{file}/download",
    "/wiki/rest/api/user/current",
];

/// The document.
pub fn document() -> Value {
    let mut document = vendor(FILE);
    // It says when errors come, and not what is in them.
    let error = json!({"type": "object", "required": ["status", "code", "title"]});
    let site =
        json!({"type": "object", "required": ["errors"], "properties": {"errors": {"type": "array", "items": error}}});
    let gateway = json!({"type": "object", "required": ["code", "message"]});
    let contents = json!({"application/json": {"schema": {"anyOf": [site, gateway]}}});
    for (_, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (status, reply) in item["get"]["responses"].as_object_mut().into_iter().flatten() {
            if status.starts_with('4') {
                reply["content"] = contents.clone();
            }
        }
    }
    let anything = json!({"get": {"responses": {"200": {"content": {"*/*": {"schema": {}}}}, "302": {"content": {}}}}});
    for path in ROUTES {
        document["paths"][path] = anything.clone();
    }
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    for (path, item) in paths.into_iter().filter(|(path, _)| path.starts_with("/wiki/")) {
        document["paths"][format!("{GATEWAY}{path}")] = item;
    }
    document
}

/// The judge of requests and answers.
pub fn contract() -> Contract {
    // Version 1 has too many parameters to name those of each route.
    let first = ["cql", "expand", "start", "limit", "cursor", "next", "status", "filename", "token", "version", "api"];
    Contract::new(document()).with_query(&first).with_statuses(&[204])
}
