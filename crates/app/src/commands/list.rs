//! `gleaner list`: documents, newest first.

use std::process::ExitCode;

use crate::args::ListArgs;
use crate::backend::Backend;
use crate::output;
use crate::place;
use crate::settings::Settings;
use crate::table::Documents;

pub async fn run(settings: &Settings, args: ListArgs) -> anyhow::Result<ExitCode> {
    let backend = Backend::known(settings, &args.remote).await?;
    let page = backend.list(&args).await?;
    if args.json {
        output::line(serde_json::to_string_pretty(&page)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Documents::new(["STATUS", "UPDATED"]);
    for document in &page.documents {
        let status = document.linked_job_status.as_deref().unwrap_or("");
        table.add([status, &document.updated_at], &document.title, &place::standing(document), &document.id);
    }
    output::line(table.finish())?;
    if let (true, Some(last)) = (page.has_more, page.documents.last()) {
        output::line(format_args!("There are more: add --after {}", last.id))?;
    }
    Ok(ExitCode::SUCCESS)
}
