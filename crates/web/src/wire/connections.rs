//! Connections as they go out, and the bodies that make them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::words::ConnectedWord;

/// A provider that the workspace is connected to. No secret is ever shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// The connection's ID. Whoever connects again keeps it.
    #[schema(format = Uuid, example = "5d9f67a8-d853-4af4-b7ce-23ebba1245e5")]
    pub id: String,
    /// The provider.
    #[schema(value_type = ConnectedWord)]
    pub provider: String,
    /// Where the provider is and how it is asked.
    #[schema(value_type = Object, example = json!({ "siteUrl": "https://acme.zendesk.com", "locale": "en-us" }))]
    pub settings: Map<String, Value>,
    /// What kind of credentials it was connected with.
    #[schema(example = "client")]
    pub proof: String,
    /// What the provider last said against us; empty while it takes us.
    #[schema(example = "")]
    pub problem: String,
    /// When it was connected first.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub created_at: String,
    /// When it last changed.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub updated_at: String,
}

/// Every connection of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Connections {
    /// By provider.
    pub connections: Vec<Connection>,
}

/// What to connect.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct ConnectRequest {
    /// The provider.
    #[schema(value_type = ConnectedWord)]
    provider: String,
    /// Where the provider is and how it is asked. Notion: `apiUrl`. Zendesk: `siteUrl`, `tokenUrl`, `locale`, `drafts`,
    /// `restricted`. Confluence: `siteUrl`, `apiUrl`, `tokenUrl`, `dataCenter`, `spaces`, `rendered`. Google Drive: `apiUrl`,
    /// `tokenUrl`, `folders`, `drive`. What is left out is the vendor's own.
    #[schema(value_type = Object, required = false, example = json!({ "siteUrl": "https://acme.zendesk.com" }))]
    settings: Value,
    /// What proves that we may read: `{"kind":"anonymous"}`, `{"kind":"token","token"}`, `{"kind":"basic","user","token"}`,
    /// `{"kind":"client","clientId","clientSecret","scope"}`, `{"kind":"consent","clientId","clientSecret","refreshToken"}` or
    /// `{"kind":"service_account","email","keyId","privateKey","subject"}`.
    #[schema(value_type = Object, example = json!({ "kind": "client", "clientId": "gleaner", "clientSecret": "…" }))]
    credentials: Value,
    /// How often the provider may be asked; below what the vendor allows by default.
    #[schema(required = false, minimum = 0.0017, maximum = 100, example = 3)]
    requests_per_second: Option<f64>,
}

/// How a test of a connection came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConnectionTest {
    /// Whether the provider takes us.
    #[schema(example = true)]
    pub success: bool,
    /// The account as people know it; empty when the test failed.
    #[schema(example = "Acme Help Center")]
    pub name: String,
    /// What somebody should know about it.
    #[schema(example = json!(["only open articles can be read"]))]
    pub notes: Vec<String>,
    /// Why it failed, as `code: sentence`; empty when it did not.
    #[schema(example = "")]
    pub error: String,
}

impl From<model::Connection> for Connection {
    fn from(connection: model::Connection) -> Self {
        Self {
            id: connection.id.to_string(),
            provider: connection.provider().to_string(),
            settings: connection.account.settings(),
            proof: connection.proof,
            problem: connection.problem,
            created_at: connection.created_at.to_string(),
            updated_at: connection.updated_at.to_string(),
        }
    }
}

impl From<Vec<model::Connection>> for Connections {
    fn from(connections: Vec<model::Connection>) -> Self {
        Self { connections: connections.into_iter().map(Connection::from).collect() }
    }
}

impl From<Result<model::Identity, model::Failure>> for ConnectionTest {
    fn from(probed: Result<model::Identity, model::Failure>) -> Self {
        match probed {
            Ok(identity) => Self { success: true, name: identity.name, notes: identity.notes, error: String::new() },
            Err(failure) => Self { success: false, name: String::new(), notes: Vec::new(), error: failure.to_string() },
        }
    }
}
