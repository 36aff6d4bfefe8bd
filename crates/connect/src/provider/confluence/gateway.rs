//! The way to a cloud site by Atlassian's gateway, which alone takes what a person's consent gives.

use model::{Failure, FailureCode, WebUrl};
use serde_json::Value;

use crate::provider::api::all;
use crate::provider::field;
use crate::{Ask, Client};

/// Where Atlassian's gateway is.
pub const GATEWAY: &str = "https://api.atlassian.com";

/// The interface of a site behind the gateway. The site itself tells its id there, to anybody.
pub async fn api_url(client: &Client, site_url: &str, gateway: &str) -> Result<String, Failure> {
    let unknown = |why: &str| {
        let text =
            format!("{site_url} does not tell its id ({why}); name its interface behind the gateway with --api-url");
        Failure::new(FailureCode::ProviderDisconnected, text)
    };
    let site = WebUrl::parse(site_url).map_err(|refusal| unknown(&refusal.to_string()))?;
    let url = site.join("/_edge/tenant_info").map_err(|refusal| unknown(&refusal.to_string()))?;
    let mut answer = client.ask(&Ask::get(url)).await?;
    if answer.status != 200 {
        return Err(unknown(&format!("it answered {}", answer.status)));
    }
    let told: Value = serde_json::from_slice(&all(&mut answer.body).await?).unwrap_or_default();
    let id = field::text(&told, "/cloudId");
    let is_id = !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_id {
        return Err(unknown("what it answered has none"));
    }
    Ok(format!("{}/ex/confluence/{id}/wiki", gateway.trim_end_matches('/')))
}
