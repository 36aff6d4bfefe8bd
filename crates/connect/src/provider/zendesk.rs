//! Zendesk Guide: the help centre of one brand, with its categories, sections and articles.

mod article;
mod center;
mod refusal;
mod shelves;

use model::connection::ZendeskAccount;
use model::{Failure, FailureCode, Listing, WebUrl};
use reqwest::header::HeaderMap;

use self::article::{Article, Hidden};
use self::center::Center;
use self::shelves::Shelves;
use super::api::{Api, Vendor};
use super::gate::Gate;
use super::item::{Content, Form, Identity, Item, Reading};

/// What is particular to Zendesk.
pub fn vendor() -> Vendor {
    Vendor { name: "Zendesk", headers: HeaderMap::new(), user_suffix: "/token", judge: refusal::judge }
}

/// Asks what can be seen. Who is asked who we are answers everybody, so a list of articles is asked for instead: without a
/// locale only agents get one.
pub async fn probe<G: Gate>(api: &Api<'_, G>, account: &ZendeskAccount) -> Result<Identity, Failure> {
    let mut notes = Vec::new();
    let mut articles = None;
    if api.is_anonymous().await? {
        notes.push("nobody is signed in: only articles that everybody may read can be seen".to_owned());
    } else {
        match Center::of(api, account).first_articles().await {
            Ok(found) => {
                let open = ZendeskAccount { drafts: false, restricted: false, ..account.clone() };
                if found.iter().all(|article| Article(article).hidden(&open).is_none()) {
                    let count = found.len();
                    notes.push(format!(
                        "the first {count} articles are open to everybody: perhaps no others can be seen"
                    ));
                }
                articles = Some(found);
            }
            Err(failure) if failure.code == FailureCode::ProviderPermission => {
                notes.push("the account is no agent's: only articles that its reader may see can be seen".to_owned());
                if account.locale.is_empty() {
                    let text = format!("{}; such an account has to name a locale", failure.text);
                    return Err(Failure::new(FailureCode::ProviderPermission, text));
                }
            }
            Err(failure) => return Err(failure),
        }
    }
    let center = Center::enter(api, account, None).await?;
    if let Some(locale) = &center.locale {
        notes.push(format!("articles are read in {locale}"));
        articles = Some(center.first_articles().await.map_err(|failure| no_locale(failure, locale))?);
    }
    if articles.is_some_and(|articles| articles.is_empty()) {
        notes.push("no article can be seen".to_owned());
    }
    Ok(Identity { name: host(account), notes })
}

fn no_locale(failure: Failure, locale: &str) -> Failure {
    match failure.code {
        FailureCode::NotFound => Failure::new(
            FailureCode::ProviderDisconnected,
            format!("the help centre has no locale {locale:?} ({})", failure.text),
        ),
        _ => failure,
    }
}

/// The address of the help centre, as people know it.
fn host(account: &ZendeskAccount) -> String {
    WebUrl::parse(&account.site_url).map_or_else(|_| account.site_url.clone(), |url| url.host().to_string())
}

/// Lists the articles that everybody may read, and others where the account asks for them.
pub async fn list<G: Gate>(
    api: &Api<'_, G>,
    account: &ZendeskAccount,
    seen: &(dyn Fn(usize) + Sync),
) -> Result<Listing, Failure> {
    let center = Center::enter(api, account, None).await?;
    let (mut categories, mut sections, mut resources) = (Vec::new(), Vec::new(), Vec::new());
    let mut gaps = Vec::new();
    gaps.extend(center.each("categories", |category| categories.push(category.clone())).await?);
    gaps.extend(center.each("sections", |section| sections.push(section.clone())).await?);
    let shelves = Shelves::of(&categories, &sections);
    let articles = center.each("articles", |article| {
        if let Some(mut resource) = Article(article).resource(account) {
            shelves.put(&mut resource);
            resources.push(resource);
            seen(resources.len());
        }
    });
    gaps.extend(articles.await?);
    Ok(Listing { groups: shelves.groups(&resources), resources, gaps })
}

/// Reads one article.
pub async fn read<G: Gate>(api: &Api<'_, G>, account: &ZendeskAccount, item: &Item) -> Result<Reading, Failure> {
    let known = item.known.as_deref();
    let center = Center::enter(api, account, known.and_then(Article::locale_of)).await?;
    let record = center.article(&item.external_id).await?;
    let article = Article(&record);
    // Neither publishing nor restricting an article is an edit, so this comes before the version.
    match article.hidden(account) {
        Some(Hidden::Draft) => {
            return Err(Failure::new(FailureCode::Gone, "the article is not published any more: it is a draft"));
        }
        Some(Hidden::Restricted) => {
            let text =
                "only some readers may see the article; allow restricted articles on the connection to import it";
            return Err(Failure::new(FailureCode::ProviderPermission, text));
        }
        None => {}
    }
    let version = article.version();
    if version.is_some() && version.as_deref() == known {
        return Ok(Reading::Unchanged);
    }
    let Some(body) = article.body() else {
        return Err(Failure::new(FailureCode::EmptyContent, "the article has no text"));
    };
    let url = article.url(account);
    let address = WebUrl::parse(&url).map_err(|refusal| {
        Failure::new(FailureCode::ProviderDisconnected, format!("the address of the help centre {refusal}"))
    })?;
    let form = Form::html(&address, body);
    Ok(Reading::Content(Box::new(Content {
        version,
        title: article.title().to_owned(),
        url,
        form,
        warnings: Vec::new(),
    })))
}
