//! `gleaner list`: documents, newest first.

use std::process::ExitCode;

use crate::args::ListArgs;
use crate::backend::Backend;
use crate::place;
use crate::settings::Settings;
use crate::table::table;

pub async fn run(settings: &Settings, args: ListArgs) -> anyhow::Result<ExitCode> {
    let backend = Backend::open(settings, &args.remote).await?;
    let page = backend.list(&args).await?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&page)?);
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = table(["ID", "STATUS", "TITLE", "HOW IT STANDS", "UPDATED"]);
    for document in &page.documents {
        let status = document.linked_job_status.as_deref().unwrap_or("");
        table.add_row([&document.id, status, &document.title, &place::standing(document), &document.updated_at]);
    }
    println!("{table}");
    if let (true, Some(last)) = (page.has_more, page.documents.last()) {
        println!("There are more: add --after {}", last.id);
    }
    Ok(ExitCode::SUCCESS)
}
