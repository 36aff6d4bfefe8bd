//! The bytes of files: a redirect to another host that wants no credentials.

use super::asked::Asked;
use super::content::Attachment;
use super::refusals;
use super::wording::slug;
use super::world::World;
use crate::provider::exchange::{Reply, Request};

/// `GET /rest/api/content/{page}/child/attachment/{file}/download`.
pub(super) fn by_api(asked: &Asked<'_>, page: &str, file: &str) -> Result<Reply, Reply> {
    let id = file.trim_start_matches("att").parse().ok();
    let found = id.and_then(|id: u64| asked.world.attachments.get(&id)).filter(|file| file.page.to_string() == page);
    redirect(asked, found)
}

/// `GET /download/attachments/{page}/{name}`.
pub(super) fn by_name(asked: &Asked<'_>, page: &str, name: &str) -> Result<Reply, Reply> {
    let mut files = asked.world.attachments.values();
    redirect(asked, files.find(|file| file.page.to_string() == page && slug(&file.title) == name.replace("%20", "+")))
}

fn redirect(asked: &Asked<'_>, file: Option<&Attachment>) -> Result<Reply, Reply> {
    let page = file.and_then(|file| asked.world.content.get(&file.page)).filter(|page| asked.world.shows(page));
    let (Some(file), Some(_)) = (file, page) else { return Err(refusals::not_found()) };
    // Another name for this very server, so that a client which follows with its credentials can be told.
    let host = asked.request.header("host").unwrap_or("127.0.0.1").replace("127.0.0.1", "localhost");
    Ok(Reply::empty(302).header("location", &format!("http://{host}/media/{}?token=signed-{}", file.id, file.number)))
}

/// The signed address of a file's bytes. As the stores behind such addresses do, it refuses who sends credentials besides.
pub(super) fn media(world: &World, request: &Request, place: &str) -> Result<Reply, Reply> {
    if request.header("authorization").is_some() {
        return Err(Reply::new(400, "application/xml", "<Error><Code>InvalidArgument</Code></Error>"));
    }
    let file = place.parse().ok().and_then(|id: u64| world.attachments.get(&id));
    let file = file.filter(|file| request.parameter("token") == Some(&format!("signed-{}", file.number)));
    let file = file.ok_or_else(|| Reply::new(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>"))?;
    Ok(Reply::new(200, &file.media_type, file.bytes.clone()))
}
