//! Sites as they go out, and the bodies that name them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was said of the pages of a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// The host, with the port where that is not the usual one.
    #[schema(example = "docs.example.com")]
    pub host: String,
    /// CSS selectors: only what they match is content. Empty: Gleaner finds the content by itself.
    #[schema(example = json!(["main .article"]))]
    pub keep: Vec<String>,
    /// CSS selectors: what they match is left out.
    #[schema(example = json!([".teaser", "#feedback"]))]
    pub drop: Vec<String>,
    /// When that was said.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub updated_at: String,
}

/// Every host of which something was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sites {
    /// By name.
    pub sites: Vec<Site>,
}

/// What to say of a host, instead of what was said before.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct SetSiteRequest {
    /// The host.
    #[schema(example = "docs.example.com")]
    host: String,
    /// CSS selectors of what alone is content: elements, `.classes`, `#ids`, `[attributes]`, descendants and children (`>`).
    #[schema(required = false, max_items = 50, example = json!(["main .article"]))]
    keep: Option<Vec<String>>,
    /// CSS selectors of what to leave out.
    #[schema(required = false, max_items = 50, example = json!([".teaser"]))]
    drop: Option<Vec<String>>,
}

/// Of which host to forget what was said.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct ForgetSiteRequest {
    /// The host.
    #[schema(example = "docs.example.com")]
    host: String,
}

impl From<store::Site> for Site {
    fn from(site: store::Site) -> Self {
        Self { host: site.host, keep: site.keep, drop: site.drop, updated_at: site.updated_at.to_string() }
    }
}
