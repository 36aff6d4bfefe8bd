//! What a provider has as it goes out, in the shape that each provider has on the wire, and the body that registers it.

use std::collections::{HashMap, HashSet};

use model::{Listing, Source};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An item of Notion or Google Drive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FlatResource {
    /// Its name at the provider.
    #[schema(example = "123456")]
    pub external_id: String,
    /// Its title.
    #[schema(example = "Billing FAQ")]
    pub title: String,
    /// Its page.
    #[schema(example = "https://www.notion.so/fini/Billing-FAQ-123456")]
    pub original_url: String,
    /// What its content is.
    #[schema(example = "text/markdown")]
    pub mime_type: String,
    /// Its icon, where it has one with a lasting address.
    #[schema(required = true, example = json!(null))]
    pub icon_link: Option<String>,
    /// What it is: `page`, `database`, `file` or `folder`.
    #[schema(example = "page")]
    pub object: String,
}

/// A category of a help centre with its sections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ZendeskCategory {
    /// Its ID.
    #[schema(example = "360001234567")]
    pub id: String,
    /// Its title.
    #[schema(example = "Billing")]
    pub title: String,
    /// Always `category`.
    #[schema(example = "category")]
    pub object: String,
    /// Its sections; those inside others are told as `Parent > Child`.
    pub children: Vec<ZendeskSection>,
}

/// A section of a help centre with its articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ZendeskSection {
    /// Its ID.
    #[schema(example = "360009876543")]
    pub id: String,
    /// Its title.
    #[schema(example = "Refunds")]
    pub title: String,
    /// Always `section`.
    #[schema(example = "section")]
    pub object: String,
    /// Its articles.
    pub children: Vec<ZendeskArticle>,
}

/// An article of a help centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ZendeskArticle {
    /// Its ID.
    #[schema(example = "360011112222")]
    pub id: String,
    /// The same, as registering names it.
    #[schema(example = "360011112222")]
    pub external_id: String,
    /// Its title.
    #[schema(example = "How to get a refund")]
    pub title: String,
    /// Its page.
    #[schema(example = "https://acme.zendesk.com/hc/en-us/articles/360011112222")]
    pub url: String,
    /// The same, as registering names it.
    #[schema(example = "https://acme.zendesk.com/hc/en-us/articles/360011112222")]
    pub original_url: String,
    /// What its content is.
    #[schema(example = "text/html")]
    pub mime_type: String,
    /// Always `article`.
    #[schema(example = "article")]
    pub object: String,
}

/// A Confluence space with its pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfluenceSpace {
    /// Its key.
    #[schema(example = "DOC")]
    pub key: String,
    /// Its title.
    #[schema(example = "Documentation")]
    pub title: String,
    /// Its page.
    #[schema(example = "https://acme.atlassian.net/wiki/spaces/DOC")]
    pub url: String,
    /// Its pages, each after the page that it lies below.
    pub pages: Vec<ConfluencePage>,
}

/// A Confluence page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfluencePage {
    /// Its ID.
    #[schema(example = "98311")]
    pub id: String,
    /// The same, as registering names it.
    #[schema(example = "98311")]
    pub external_id: String,
    /// Its title.
    #[schema(example = "Refund policy")]
    pub title: String,
    /// Its page.
    #[schema(example = "https://acme.atlassian.net/wiki/spaces/DOC/pages/98311")]
    pub url: String,
    /// The same, as registering names it.
    #[schema(example = "https://acme.atlassian.net/wiki/spaces/DOC/pages/98311")]
    pub original_url: String,
    /// What its content is.
    #[schema(example = "text/html")]
    pub mime_type: String,
    /// Always `page`.
    #[schema(example = "page")]
    pub object: String,
    /// The page that it lies below; null for one at the top.
    #[schema(required = true, example = json!(null))]
    pub parent_id: Option<String>,
}

/// What a provider has: flat for Notion and Google Drive, categories for Zendesk, spaces for Confluence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Resources {
    /// Categories with sections with articles.
    Zendesk(Vec<ZendeskCategory>),
    /// Spaces with pages.
    Confluence(Vec<ConfluenceSpace>),
    /// Pages, databases and files.
    Flat(Vec<FlatResource>),
}

/// What to register.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct RegisterRequest {
    /// The items.
    resources: Vec<RegisterResource>,
}

/// One item to register, as discovery shows it.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct RegisterResource {
    /// Its page.
    #[schema(example = "https://www.notion.so/fini/Billing-FAQ-123456")]
    original_url: String,
    /// Its title.
    #[schema(example = "Billing FAQ")]
    title: String,
    /// Its name at the provider.
    #[schema(example = "123456")]
    external_id: String,
    /// What its content is.
    #[schema(example = "text/markdown")]
    mime_type: String,
    /// What it is; `page` when left out.
    #[schema(required = false, example = "page")]
    object: Option<String>,
}

impl Resources {
    /// What is listed, without the items that were imported already.
    pub fn new(provider: Source, listing: Listing, imported: &HashSet<String>) -> Self {
        let resources =
            listing.resources.into_iter().filter(|resource| !imported.contains(&resource.external_id)).collect();
        match provider {
            Source::Zendesk => Self::Zendesk(categories(&listing.groups, resources)),
            Source::Confluence => Self::Confluence(spaces(listing.groups, resources)),
            _ => Self::Flat(resources.into_iter().map(FlatResource::from).collect()),
        }
    }
}

/// The items of each group, in their order.
fn by_group(resources: Vec<model::Resource>) -> HashMap<Option<String>, Vec<model::Resource>> {
    let mut groups: HashMap<Option<String>, Vec<model::Resource>> = HashMap::new();
    for resource in resources {
        groups.entry(resource.group.clone()).or_default().push(resource);
    }
    groups
}

/// Groups without a group around them are categories, the others sections of one.
fn categories(groups: &[model::Group], resources: Vec<model::Resource>) -> Vec<ZendeskCategory> {
    let mut articles = by_group(resources);
    let mut section = |group: &model::Group| ZendeskSection {
        id: group.id.clone(),
        title: group.title.clone(),
        object: "section".to_owned(),
        children: articles
            .remove(&Some(group.id.clone()))
            .unwrap_or_default()
            .into_iter()
            .map(ZendeskArticle::from)
            .collect(),
    };
    let category = |category: &model::Group| ZendeskCategory {
        id: category.id.clone(),
        title: category.title.clone(),
        object: "category".to_owned(),
        children: groups.iter().filter(|group| group.parent.as_ref() == Some(&category.id)).map(&mut section).collect(),
    };
    groups.iter().filter(|group| group.parent.is_none()).map(category).collect()
}

fn spaces(groups: Vec<model::Group>, resources: Vec<model::Resource>) -> Vec<ConfluenceSpace> {
    let mut pages = by_group(resources);
    let space = |group: model::Group| ConfluenceSpace {
        pages: pages
            .remove(&Some(group.id.clone()))
            .unwrap_or_default()
            .into_iter()
            .map(ConfluencePage::from)
            .collect(),
        key: group.id,
        title: group.title,
        url: group.url,
    };
    groups.into_iter().map(space).collect()
}

impl From<model::Resource> for FlatResource {
    fn from(resource: model::Resource) -> Self {
        Self {
            external_id: resource.external_id,
            title: resource.title,
            original_url: resource.url,
            mime_type: resource.mime_type,
            icon_link: resource.icon,
            object: resource.object,
        }
    }
}

impl From<model::Resource> for ZendeskArticle {
    fn from(resource: model::Resource) -> Self {
        Self {
            id: resource.external_id.clone(),
            external_id: resource.external_id,
            title: resource.title,
            url: resource.url.clone(),
            original_url: resource.url,
            mime_type: resource.mime_type,
            object: resource.object,
        }
    }
}

impl From<model::Resource> for ConfluencePage {
    fn from(resource: model::Resource) -> Self {
        Self {
            id: resource.external_id.clone(),
            external_id: resource.external_id,
            title: resource.title,
            url: resource.url.clone(),
            original_url: resource.url,
            mime_type: resource.mime_type,
            object: resource.object,
            parent_id: resource.parent,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn group(id: &str, parent: Option<&str>) -> model::Group {
        let parent = parent.map(str::to_owned);
        model::Group { id: id.to_owned(), title: format!("T{id}"), url: format!("u/{id}"), parent }
    }

    fn resource(id: &str, group: Option<&str>) -> model::Resource {
        model::Resource {
            external_id: id.to_owned(),
            title: format!("T{id}"),
            url: format!("u/{id}"),
            mime_type: "text/html".to_owned(),
            icon: None,
            object: "article".to_owned(),
            version: None,
            group: group.map(str::to_owned),
            parent: None,
        }
    }

    fn shown(provider: Source, listing: Listing) -> serde_json::Value {
        let imported = HashSet::from(["done".to_owned()]);
        serde_json::to_value(Resources::new(provider, listing, &imported)).unwrap()
    }

    #[test]
    fn each_provider_has_its_own_shape_and_what_was_imported_is_left_out() {
        let listing = Listing {
            groups: vec![group("c", None), group("s", Some("c")), group("e", None)],
            resources: vec![resource("1", Some("s")), resource("done", Some("s"))],
            gaps: Vec::new(),
        };
        let zendesk = shown(Source::Zendesk, listing.clone());
        assert_eq!(zendesk[0]["children"][0]["children"].as_array().unwrap().len(), 1);
        assert_eq!(zendesk[0]["children"][0]["children"][0]["id"], "1");
        assert_eq!(zendesk[1], json!({ "id": "e", "title": "Te", "object": "category", "children": [] }));
        let notion = shown(Source::Notion, listing);
        assert_eq!(
            notion,
            json!([{ "externalId": "1", "title": "T1", "originalUrl": "u/1", "mimeType": "text/html", "iconLink": null,
                     "object": "article" }])
        );
        let listing = Listing {
            groups: vec![group("DOC", None), group("HR", None)],
            resources: vec![resource("1", Some("DOC"))],
            gaps: Vec::new(),
        };
        let confluence = shown(Source::Confluence, listing);
        assert_eq!(confluence[0]["key"], "DOC");
        assert_eq!(confluence[0]["pages"][0]["id"], "1");
        assert_eq!(confluence[1]["pages"], json!([]), "a space without pages stays listed");
    }
}
